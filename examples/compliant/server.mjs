/**
 * A server that the gate allows without a finding: the official SDK, told which revisions to speak, behind a check of
 * Host and Origin, on loopback, for users with a token of the issuer it was told of.
 */
import { createServer } from 'node:http';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  getOAuthProtectedResourceMetadataUrl,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';

const { PORT, OAUTH_ISSUER, OAUTH_JWKS_URI, OAUTH_AUDIENCE } = process.env;

// Left to itself the SDK also agrees to revisions from 2024, which have weaker rules.
const supportedProtocolVersions = ['2026-07-28', '2025-11-25', '2025-06-18'];

function createRates() {
  const server = new McpServer({ name: 'compliant', version: '1.0.0' }, { supportedProtocolVersions });
  server.registerTool(
    'exchange_rate',
    {
      description: 'Returns the rate between two currencies.',
      inputSchema: z.object({ from: z.string(), to: z.string() }),
      annotations: { readOnlyHint: true },
    },
    async () => ({ content: [{ type: 'text', text: '1.09' }] }),
  );
  return server;
}

const keys = createRemoteJWKSet(new URL(OAUTH_JWKS_URI));

async function verifyAccessToken(token) {
  const options = { issuer: OAUTH_ISSUER, audience: OAUTH_AUDIENCE, algorithms: ['RS256'], typ: 'at+jwt' };
  const verified = await jwtVerify(token, keys, options).catch(() => null);
  // A token that is bound to a key is nothing without its proof, and this server checks none.
  if (verified === null || verified.payload.cnf !== undefined)
    throw new OAuthError(OAuthErrorCode.InvalidToken, 'The access token is not valid here');
  const { client_id: clientId, scope, exp: expiresAt } = verified.payload;
  return { token, clientId, scopes: String(scope).split(' '), expiresAt };
}

const resource = new URL(OAUTH_AUDIENCE);
const metadataUrl = getOAuthProtectedResourceMetadataUrl(resource);
const authenticate = requireBearerAuth({
  verifier: { verifyAccessToken },
  requiredScopes: ['mcp:tools'],
  resourceMetadataUrl: metadataUrl,
});
const mcp = createMcpHandler(createRates);

/** What everybody may know, and then nothing without a token, whatever the route and the method. */
async function answer(request) {
  const url = new URL(request.url);
  if (request.method === 'GET' && url.pathname === new URL(metadataUrl).pathname)
    return Response.json({
      resource: OAUTH_AUDIENCE,
      authorization_servers: [OAUTH_ISSUER],
      scopes_supported: ['mcp:tools'],
      bearer_methods_supported: ['header'],
    });
  const authInfo = await authenticate(request);
  if (authInfo instanceof Response) return authInfo;
  if (url.pathname !== resource.pathname) return new Response(null, { status: 404 });
  return mcp.fetch(request, { authInfo });
}

const handle = toNodeHandler({ fetch: answer });
const hostIsOurs = localhostHostValidation();
const originIsOurs = localhostOriginValidation();

createServer((request, response) => {
  // Both answer 403 themselves. They stand before every route and method.
  if (hostIsOurs(request, response) && originIsOurs(request, response)) void handle(request, response);
}).listen(Number(PORT), '127.0.0.1');
