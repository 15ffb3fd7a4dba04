/**
 * The native manifest's shape, its defaults and its documentation, in one place: the parser, the editor's JSON Schema and
 * the reference page are made from it. What relates two fields to each other is in coherence.ts.
 */
import { z } from 'zod';
import { artifactSchema } from './artifact-schema.js';

export const API_VERSION = 'mcp-gate/v1';
export const KIND = 'McpServerDeployment';

/** `error` texts are the "expected" of a problem: they complete the sentence "expected …". */
const text = z.string().min(1, { error: 'a non-empty string' });
const withoutNul = z.string().regex(/^[^\0]*$/, { error: 'text without NUL characters' });
const oneLine = z.string().regex(/^[^\0\r\n]*$/, { error: 'text on one line' });
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  error: 'the name of an environment variable: letters, digits, underscore',
});
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'an HTTP header name' });
const file = text.regex(/^[^\0]+$/, { error: 'a path, relative to the manifest' });
const httpUrl = z
  .string()
  .regex(/^https?:\/\/[^\s@]+$/, { error: 'an http or https URL without user name and spaces' });
const toolName = text.max(200, { error: 'at most 200 characters' }).describe('Tool to call.');
const toolArguments = z
  .record(z.string(), z.unknown())
  .default({})
  .describe('Arguments of the call. Default: none.');
const resultPointer = z
  .string()
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, { error: 'a JSON pointer such as /structuredContent/id' });

const run = z
  .strictObject({
    command: z
      .array(withoutNul)
      .min(1, { error: 'at least the program' })
      .optional()
      .describe(
        'Program and arguments; no shell is involved. May hold ${port} (a free port the gate chose), ${host}, ${identity.issuer}, ${identity.jwksUri}, ${identity.audience}, ${identity.introspectionEndpoint}, ${identity.clientId}, ${identity.clientSecret} and ${env.NAME} for a NAME in passEnv. $${ stands for a literal ${.',
      ),
    cwd: file
      .optional()
      .describe(
        "Folder the command runs in, relative to the manifest. Default: the manifest's folder. Only with command.",
      ),
    env: z
      .record(variable, withoutNul)
      .optional()
      .describe(
        'Variables set for the command; values may hold the same ${…} as command. Only with command.',
      ),
    passEnv: z
      .array(variable)
      .default([])
      .describe(
        "The only variables taken from the runner's environment: handed to the command as they are, and available as ${env.NAME}. Unset ones are left out. Never GITHUB_*, ACTIONS_*, INPUT_* or RUNNER_*.",
      ),
    url: z
      .string()
      .regex(/^(?:https?:\/\/|\$\{env\.)/, { error: 'an http or https URL' })
      .optional()
      .describe(
        'Endpoint of a server that already runs on this machine. May hold ${env.NAME} for a NAME in passEnv.',
      ),
    headers: z
      .record(headerName, oneLine)
      .optional()
      .describe(
        'Headers sent with every request to url. Values may hold ${env.NAME} for a NAME in passEnv. Only with url.',
      ),
    remote: z
      .boolean()
      .default(false)
      .describe(
        'Allows a url on another machine. Without it the gate talks to this machine only. Set it for deployments of your own: the gate attacks what it tests. Only with url.',
      ),
  })
  .meta({
    description: 'How to start or reach the server: exactly one of command and url.',
    oneOf: [
      { required: ['command'], properties: { headers: false, remote: false } },
      { required: ['url'], properties: { cwd: false, env: false } },
    ],
  });

const transport = z
  .strictObject({
    type: z
      .enum(['stdio', 'streamable-http', 'sse'])
      .describe('stdio, streamable-http, or sse for the deprecated HTTP+SSE transport.'),
    path: z
      .string()
      .regex(/^\/[^\s#]*$/, { error: 'a path that starts with /' })
      .optional()
      .describe(
        'Path of the endpoint. Default: /mcp, for sse /sse. Not on stdio, and not with run.url, which has its own.',
      ),
    host: z
      .enum(['127.0.0.1', 'localhost', '::1'])
      .optional()
      .describe(
        'Host name the server is asked for. Default: the gate finds out which one it accepts. Only with run.command.',
      ),
  })
  .describe('How the server speaks.');

const secretNames = {
  alice: variable.describe('Variable with the access token of the legitimate user.'),
  'alice-refreshed': variable
    .optional()
    .describe("Alice's token after a refresh: same subject, same client."),
  'alice-other-client': variable.optional().describe("Alice's token through a second client."),
  bob: variable.describe('Variable with the access token of another user, same client, otherwise valid.'),
  'bob-refreshed': variable.optional().describe("Bob's token after a refresh."),
  'wrong-audience': variable.optional().describe("Alice's token for another resource."),
  'wrong-issuer': variable.optional().describe("Alice's token from another issuer."),
  expired: variable.optional().describe("Alice's token after its life."),
  'not-yet-valid': variable.optional().describe("Alice's token before its life."),
  'low-scope': variable.optional().describe("Alice's token without the scopes of this manifest."),
};

const authorization = z
  .strictObject({
    provider: z
      .enum(['embedded', 'discovered', 'tokens', 'none'])
      .optional()
      .describe(
        "Where the principals' tokens come from. embedded: the gate's own authorization server (default for an HTTP command). discovered: the one the server names (default for a url). tokens: from the variables named in tokens. none: the server has no authorization (default, and the only choice, on stdio).",
      ),
    scopes: z
      .array(
        z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, { error: 'an OAuth scope: printable, no spaces' }),
      )
      .default([])
      .describe('Scopes a legitimate client asks for.'),
    issuers: z
      .array(httpUrl)
      .default([])
      .describe(
        'Issuers that the gate may fetch metadata from and log in at, on other machines too. Only with discovered and tokens.',
      ),
    tokens: z
      .strictObject(secretNames)
      .optional()
      .describe(
        'For provider tokens: names (not values) of the environment variables that hold access tokens, by principal.',
      ),
    clients: z
      .array(
        z.strictObject({
          idEnv: variable.describe('Variable with the client id.'),
          secretEnv: variable
            .optional()
            .describe('Variable with the client secret; a public client has none.'),
        }),
      )
      .max(2, { error: 'at most two clients' })
      .default([])
      .describe(
        'For provider discovered: clients that are registered already, as names of environment variables. Default: register dynamically.',
      ),
  })
  .prefault({})
  .describe('How clients of this server prove who they are.');

const exerciseStep = z.strictObject({
  tool: toolName,
  arguments: toolArguments.describe(
    'Arguments of the call. In them ${canary} stands for a text of the gate, to see whom an answer reaches.',
  ),
  expect: z
    .enum(['elicitation', 'task', 'result'])
    .optional()
    .describe('What the call should lead to. Default: anything.'),
});

const handle = z.strictObject({
  mint: z
    .strictObject({
      tool: toolName,
      arguments: toolArguments,
      pointer: resultPointer.describe('Where the result holds the handle.'),
    })
    .describe('The call that gives a handle.'),
  use: z
    .strictObject({ tool: toolName, arguments: toolArguments })
    .describe('The call that takes it; ${handle} stands in arguments where it goes.'),
});

const spec = z
  .strictObject({
    run,
    transport,
    authorization,
    exercise: z
      .union([z.array(exerciseStep), z.literal('auto')])
      .default([])
      .describe(
        'Calls that reach the interesting behaviour; auto lets the gate choose among the tools marked read-only.',
      ),
    handles: z
      .array(handle)
      .default([])
      .describe('State handles that must be bound to the user they were minted for.'),
    whoami: z
      .strictObject({
        tool: toolName,
        arguments: toolArguments,
        pointer: resultPointer.describe('Where the result holds the name.'),
      })
      .optional()
      .describe('A tool that tells who the server thinks its caller is.'),
    declares: z
      .strictObject({
        protocolVersions: z
          .array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a revision such as 2025-11-25' }))
          .default([])
          .describe('Protocol revisions the server claims to speak.'),
        capabilities: z
          .array(text)
          .default([])
          .describe('Capabilities the server claims to offer: tools, resources.subscribe, …'),
        elicitationOrigins: z
          .array(
            z
              .string()
              .regex(/^https?:\/\/[^\s/?#@]+$/, { error: 'an origin such as https://connect.example.com' }),
          )
          .default([])
          .describe('Origins the server means to send users to. Policy data decides which are allowed.'),
        requestStateSeconds: z
          .number()
          .min(1, { error: 'a number from 1 to 60' })
          .max(60, { error: 'a number from 1 to 60' })
          .optional()
          .describe(
            'How long a requestState of 2026-07-28 is good for, where nobody can read that from it. The gate waits out up to 20 seconds and tries it again.',
          ),
      })
      .prefault({})
      .describe('Claims, checked against what the server does.'),
    registry: z
      .strictObject({
        name: z
          .string()
          .min(3, { error: 'at least 3 characters' })
          .max(200, { error: 'at most 200 characters' })
          .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/, {
            error: 'a registry name such as io.github.acme/billing',
          })
          .describe('Name of the entry, as in server.json.'),
      })
      .optional()
      .describe(
        'The entry in the MCP registry this server is published under. Policies see the name; the gate does not look it up yet.',
      ),
    serverJson: file
      .optional()
      .describe('The server.json this server is published with, relative to the manifest.'),
    sbom: file
      .optional()
      .describe(
        'Software bill of materials (CycloneDX or SPDX, JSON), relative to the manifest. Policies see the path; the gate does not read it yet.',
      ),
    artifact: artifactSchema.optional(),
    lock: file
      .optional()
      .describe(
        'Lock file with the tools approved in review, relative to the manifest. Policies see the path; the gate does not read it yet.',
      ),
  })
  .describe('What to start and what to expect of it.');

export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional().describe('For editors; ignored.'),
    apiVersion: z.literal(API_VERSION).describe('Version of this format.'),
    kind: z.literal(KIND).describe('Kind of this document.'),
    metadata: z
      .strictObject({
        name: z
          .string()
          .max(100, { error: 'at most 100 characters' })
          .regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, {
            error: 'a visible name without control characters',
          })
          .describe('Names the server in reports, policies and waivers; unique within a run.'),
        labels: z
          .record(text, z.string())
          .default({})
          .describe('Anything policies should know: environment, team, exposure.'),
      })
      .describe('Who this server is.'),
    spec,
  })
  .describe('A deployment of an MCP server, for mcp-gate to judge.');

/** A manifest after parsing, with the defaults that do not depend on other fields. */
export type Manifest = z.output<typeof manifestSchema>;

/** JSON Schema (draft 7, what editors support best) of a manifest as people write it. */
export function manifestJsonSchema(): Record<string, unknown> {
  const { $schema, ...body } = z.toJSONSchema(manifestSchema, { target: 'draft-7', io: 'input' });
  return { $schema, $id: 'urn:mcp-gate:manifest:v1', title: 'mcp-gate manifest', ...body };
}
