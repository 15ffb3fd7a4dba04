/** An issuer that the candidate was never told about, as easy to find as the right one. */
import type { JWK } from 'jose';
import type { ForeignIssuer } from './defects.js';
import { createSigningKey } from './keys.js';
import { listenOnLoopback } from './listener.js';

export interface OpenForeignIssuer extends ForeignIssuer {
  close(): Promise<void>;
}

/**
 * Publishes metadata and keys: its own, and what `shared` gives when asked, as the tenants of one identity provider
 * share theirs. A server that takes a token's word for where the keys are will find both.
 */
export async function openForeignIssuer(shared: () => readonly JWK[]): Promise<OpenForeignIssuer> {
  const [key, listener] = await Promise.all([createSigningKey(), listenOnLoopback()]);
  const issuer = `http://127.0.0.1:${listener.port}`;
  const metadata = { issuer, jwks_uri: `${issuer}/jwks` };
  const documents = new Map<string, () => unknown>([
    ['/.well-known/oauth-authorization-server', () => metadata],
    ['/.well-known/openid-configuration', () => metadata],
    ['/jwks', () => ({ keys: [key.publicJwk, ...shared()] })],
  ]);
  listener.serve((request, response) => {
    const document = documents.get(request.url ?? '');
    if (document === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document()));
  });
  return { issuer, key, close: () => listener.close() };
}
