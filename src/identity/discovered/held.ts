/** A token from somebody else's issuer, with what is known of it and how. */
import type { PrincipalName } from '../cast.js';
import { standingOf, standingOfToken } from '../claims.js';
import { jsonObject } from '../oauth/fetcher.js';
import type { Grant, TokenContext } from '../oauth/tokens.js';
import { bearer, type Distinction, type Principal, type Standing } from '../principal.js';
import { IdentityProblem } from '../problem.js';

export interface Held {
  readonly grant: Grant;
  readonly standing: Standing;
}

/** What the token says, else what introspection says, else what the gate itself asked for. */
export async function hold(
  context: TokenContext,
  { grant, asked }: { readonly grant: Grant; readonly asked: readonly string[] | null },
): Promise<Held> {
  const claimed = standingOfToken(grant.accessToken);
  const told = claimed.subject === null ? await introspected(context, grant.accessToken) : null;
  return {
    grant,
    standing: {
      issuer: claimed.issuer ?? told?.issuer ?? context.server.issuer,
      subject: claimed.subject ?? told?.subject ?? null,
      clientId: claimed.clientId ?? told?.clientId ?? context.client.id,
      audience: claimed.audience ?? told?.audience ?? null,
      scopes: claimed.scopes ?? told?.scopes ?? grant.scopes ?? asked,
      expiresAt: claimed.expiresAt ?? told?.expiresAt ?? grant.expiresAt,
    },
  };
}

/** A principal with the token of a login. */
export function holder(
  name: PrincipalName,
  { grant, standing }: Held,
  { distinction, caveat = null }: { readonly distinction: Distinction; readonly caveat?: string | null },
): Principal {
  if (grant.type === 'DPoP') throw new IdentityProblem('the issuer gave a DPoP token where no key was shown');
  return bearer(name, grant.accessToken, { standing, distinction, caveat });
}

/** RFC 7662, for a client that may ask; null when the issuer does not tell. */
async function introspected(
  { fetcher, server, client }: TokenContext,
  token: string,
): Promise<Standing | null> {
  if (server.introspectionEndpoint === null || client.secret === null) return null;
  const body = new URLSearchParams({ token, client_id: client.id, client_secret: client.secret });
  try {
    const answer = await fetcher.exchange({
      method: 'POST',
      url: server.introspectionEndpoint,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    });
    const claims = jsonObject(answer.text);
    return answer.status === 200 && claims?.['active'] === true ? standingOf(claims) : null;
  } catch (cause: unknown) {
    if (cause instanceof IdentityProblem) return null;
    throw cause;
  }
}
