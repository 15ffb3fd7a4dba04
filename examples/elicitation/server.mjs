/**
 * A server of the 2026-07-28 revision that asks its users by `input_required`: for a name in a form, and to connect an
 * account on a page. The page's address names neither the user nor anything that opens it; whom it is for is kept
 * here, for the page to compare with who is logged in there.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import {
  acceptedContent,
  createMcpHandler,
  createRequestStateCodec,
  getOAuthProtectedResourceMetadataUrl,
  inputRequired,
  inputResponse,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';

const { PORT, OAUTH_ISSUER, OAUTH_JWKS_URI, OAUTH_AUDIENCE, CONNECT_ORIGIN } = process.env;

const NEW_NAME = z.object({ name: z.string().min(1).max(40).meta({ title: 'New name' }) });

/** Who may use which page. One page, one user; what becomes of it is the page's business. */
const pages = new Map();
/** Users whose calendar is connected. Only the page adds to it, and nobody visits the page of an example. */
const connected = new Set();

const subjectOf = (ctx) => ctx.http.authInfo.extra.subject;

// Without it the state that travels through the client could be anybody's, and say anything.
const states = createRequestStateCodec({ key: randomBytes(32), ttlSeconds: 300, bind: subjectOf });

function createWorkspace() {
  const server = new McpServer(
    { name: 'workspace', version: '1.0.0' },
    { supportedProtocolVersions: ['2026-07-28'], requestState: { verify: states.verify } },
  );
  server.registerTool(
    'rename_workspace',
    {
      description: 'Renames the workspace after asking the user for the new name.',
      inputSchema: z.object({}),
    },
    async (_given, ctx) => {
      const { mcpReq } = ctx;
      const answer = inputResponse(mcpReq.inputResponses, 'name');
      if (answer.kind === 'missing') return askForName();
      if (answer.action !== 'accept') return said('The workspace keeps its name.');
      const content = acceptedContent(mcpReq.inputResponses, 'name', NEW_NAME);
      if (content === undefined) return { ...said('That is no name for a workspace.'), isError: true };
      return said(`The workspace is now called ${content.name}.`);
    },
  );
  server.registerTool(
    'connect_calendar',
    {
      description: "Connects the user's calendar. Leads the user to a page of ours.",
      inputSchema: z.object({}),
    },
    async (_given, ctx) => {
      const subject = subjectOf(ctx);
      if (connected.has(subject)) return said('The calendar is connected.');
      const state = ctx.mcpReq.requestState();
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'page');
      if (answer.kind !== 'missing' && answer.action !== 'accept') return said('No calendar was connected.');
      // Who agreed to open the page has not been there yet: the same page again.
      const page = pages.get(state?.page) === subject ? state.page : openPage(subject);
      return inputRequired({
        inputRequests: {
          page: inputRequired.elicitUrl({
            message: 'Connect your calendar. You will be asked to log in.',
            url: `${CONNECT_ORIGIN}/calendar/connect?state=${page}`,
          }),
        },
        requestState: await states.mint({ page }, ctx),
      });
    },
  );
  return server;
}

function askForName() {
  return inputRequired({
    inputRequests: {
      name: inputRequired.elicit({
        message: 'What shall the workspace be called?',
        requestedSchema: NEW_NAME,
      }),
    },
  });
}

function openPage(subject) {
  const page = randomBytes(24).toString('base64url');
  pages.set(page, subject);
  return page;
}

function said(text) {
  return { content: [{ type: 'text', text }] };
}

const keys = createRemoteJWKSet(new URL(OAUTH_JWKS_URI));

async function verifyAccessToken(token) {
  const options = { issuer: OAUTH_ISSUER, audience: OAUTH_AUDIENCE, algorithms: ['RS256'], typ: 'at+jwt' };
  const verified = await jwtVerify(token, keys, options).catch(() => null);
  // A token that is bound to a key is nothing without its proof, and this server checks none.
  if (verified === null || verified.payload.cnf !== undefined)
    throw new OAuthError(OAuthErrorCode.InvalidToken, 'The access token is not valid here');
  const { client_id: clientId, scope, exp: expiresAt, sub: subject } = verified.payload;
  return { token, clientId, scopes: String(scope).split(' '), expiresAt, extra: { subject } };
}

const resource = new URL(OAUTH_AUDIENCE);
const metadataUrl = getOAuthProtectedResourceMetadataUrl(resource);
const authenticate = requireBearerAuth({
  verifier: { verifyAccessToken },
  requiredScopes: ['mcp:tools'],
  resourceMetadataUrl: metadataUrl,
});
// Clients of the older revisions cannot be asked without a session, and this server keeps none.
const mcp = createMcpHandler(createWorkspace, { legacy: 'reject' });

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
