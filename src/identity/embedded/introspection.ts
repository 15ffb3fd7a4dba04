/** Token introspection (RFC 7662) for JWT access tokens, which the library itself does not introspect. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jwtVerify } from 'jose';
import { SIGNING_ALGORITHM, type SigningKey } from '../keys.js';
import type { OAuthClient } from '../oauth/client.js';

export const INTROSPECTION_PATH = '/token/introspection';

const MOST_BYTES = 64 * 1024;

/**
 * Answers one request. A token is active when this issuer signed it and it is within its time.
 * Its audience is told, not judged: an issuer with many resources does the same, and whether the candidate looks
 * at the audience is what the gate wants to know.
 */
export async function introspect(
  {
    issuer,
    key,
    resourceServer,
  }: { readonly issuer: string; readonly key: SigningKey; readonly resourceServer: OAuthClient },
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const parameters = await readForm(request);
  if (parameters === null) return answer(response, 413, { error: 'invalid_request' });
  if (!isResourceServer(request.headers.authorization, parameters, resourceServer)) {
    response.setHeader('www-authenticate', 'Basic realm="introspection"');
    return answer(response, 401, { error: 'invalid_client' });
  }
  const token = parameters.get('token');
  if (token === null || token === '') return answer(response, 400, { error: 'invalid_request' });
  return answer(response, 200, await describe(token, { issuer, key }));
}

async function describe(
  token: string,
  { issuer, key }: { readonly issuer: string; readonly key: SigningKey },
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { payload } = await jwtVerify(token, key.publicJwk, {
      issuer,
      algorithms: [SIGNING_ALGORITHM],
      typ: 'at+jwt',
    });
    return { ...payload, active: true, token_type: payload['cnf'] === undefined ? 'Bearer' : 'DPoP' };
  } catch {
    return { active: false };
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Basic or in the body, as the client likes (RFC 6749, 2.3.1). */
function isResourceServer(
  header: string | undefined,
  parameters: URLSearchParams,
  client: OAuthClient,
): boolean {
  const [scheme = '', encoded = ''] = (header ?? '').split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') {
    return (
      same(parameters.get('client_id'), client.id) && same(parameters.get('client_secret'), client.secret)
    );
  }
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const cut = credentials.indexOf(':');
  return same(credentials.slice(0, cut), client.id) && same(credentials.slice(cut + 1), client.secret);
}

function same(given: string | null, wanted: string | null): boolean {
  if (given === null || wanted === null) return false;
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
