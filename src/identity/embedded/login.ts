/** The login page of the embedded issuer: whoever holds a ticket is its user, and there is no other way in. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';

export const LOGIN_PATH = '/interaction/';

export interface Tickets {
  /** A secret that logs `user` in once, sent as `login_hint`. */
  issue(user: string): string;
  redeem(ticket: unknown): string | null;
}

export function createTickets(): Tickets {
  const users = new Map<string, string>();
  return {
    issue(user) {
      const ticket = randomBytes(32).toString('base64url');
      users.set(ticket, user);
      return ticket;
    },
    redeem(ticket) {
      if (typeof ticket !== 'string') return null;
      const user = users.get(ticket) ?? null;
      users.delete(ticket);
      return user;
    },
  };
}

/** Logs the ticket's user in and consents to what was asked for, or answers 403. */
export async function logIn(
  provider: Provider,
  tickets: Tickets,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const user = tickets.redeem(params['login_hint']);
  if (user === null) {
    response.writeHead(403, { 'content-type': 'text/plain' });
    response.end('This issuer has no users but those of the gate.\n');
    return;
  }
  const { client_id: clientId, scope, resource } = params;
  const grant = new provider.Grant({ accountId: user, clientId: String(clientId) });
  if (typeof scope === 'string') {
    grant.addOIDCScope(scope);
    if (typeof resource === 'string') grant.addResourceScope(resource, scope);
  }
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId: user }, consent: { grantId } });
}
