import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../src/manifest/read.js';
import { HTTP, inWorkspace, manifest, planOf, STDIO, URL_RUN } from './workspace.js';

const FULL = `apiVersion: mcp-gate/v1
kind: McpServerDeployment
metadata: { name: billing, labels: { environment: production } }
spec:
  run:
    command: [node, server.js, "--port=\${port}"]
    cwd: server
    env: { OAUTH_ISSUER: "\${identity.issuer}", LITERAL: "$\${port}", DB: "\${env.BILLING_DB_URL}" }
    passEnv: [BILLING_DB_URL, DEBUG]
  transport: { type: streamable-http, path: /mcp, host: localhost }
  authorization:
    provider: embedded
    scopes: [mcp:tools]
  exercise:
    - { tool: connect_billing, arguments: {}, expect: elicitation }
    - tool: export_ledger
      arguments: { year: 2025 }
  handles:
    - mint: { tool: open_cart, pointer: /structuredContent/cartId }
      use: { tool: add_item, arguments: { cartId: "\${handle}" } }
  whoami: { tool: me, pointer: /structuredContent/sub }
  declares:
    protocolVersions: ["2025-11-25"]
    elicitationOrigins: ["https://connect.example.com"]
  registry: { name: io.github.acme/billing }
  serverJson: ../server.json
  sbom: sbom.cdx.json
  lock: mcp-gate.lock.json
`;

const FULL_FILES = {
  'deploy/mcp-gate.yaml': FULL,
  'deploy/server/server.js': '',
  'deploy/sbom.cdx.json': '{}',
  'deploy/mcp-gate.lock.json': '{}',
  'server.json': '{}',
};

describe('a native manifest', () => {
  it('becomes a plan with every field in its place', async () => {
    await inWorkspace(FULL_FILES, async (cwd) => {
      const env = { BILLING_DB_URL: 'postgres://a:${port}@db', DEBUG: '1', OTHER: 'other-value' };
      const plan = await readPlan(['deploy/mcp-gate.yaml'], { cwd, env });
      const [server] = plan.servers;
      expect(plan.servers).toHaveLength(1);
      expect({ ...server, document: null, locate: null }).toEqual({
        name: 'billing',
        labels: { environment: 'production' },
        manifest: 'deploy/mcp-gate.yaml',
        run: {
          kind: 'command',
          command: ['node', 'server.js', '--port=${port}'],
          cwd: join(cwd, 'deploy', 'server'),
          env: {
            OAUTH_ISSUER: '${identity.issuer}',
            LITERAL: '$${port}',
            DB: 'postgres://a:$${port}@db',
          },
          passEnv: ['BILLING_DB_URL', 'DEBUG'],
        },
        transport: { type: 'streamable-http', path: '/mcp', host: 'localhost' },
        authorization: {
          provider: 'embedded',
          scopes: ['mcp:tools'],
          issuers: [],
          tokens: new Map(),
          clients: [],
        },
        exercise: [
          { tool: 'connect_billing', arguments: {}, expect: 'elicitation' },
          { tool: 'export_ledger', arguments: { year: 2025 }, expect: null },
        ],
        handles: [
          {
            mint: { tool: 'open_cart', arguments: {}, pointer: '/structuredContent/cartId' },
            use: { tool: 'add_item', arguments: { cartId: '${handle}' } },
          },
        ],
        whoami: { tool: 'me', arguments: {}, pointer: '/structuredContent/sub' },
        declares: {
          protocolVersions: ['2025-11-25'],
          capabilities: [],
          elicitationOrigins: ['https://connect.example.com'],
        },
        serverJson: join(cwd, 'server.json'),
        sbom: join(cwd, 'deploy', 'sbom.cdx.json'),
        lock: join(cwd, 'deploy', 'mcp-gate.lock.json'),
        registryName: 'io.github.acme/billing',
        secrets: ['postgres://a:${port}@db'],
        document: null,
        locate: null,
      });
    });
  });

  it('shows policies a complete document in which no variable is filled in', async () => {
    const spec =
      '  run: { command: [node, "${env.TOKEN_X}"], passEnv: [TOKEN_X] }\n  transport: { type: sse }\n';
    const plan = await planOf({ 'm.yaml': manifest(spec) }, { TOKEN_X: 'very-secret' });
    expect(plan.servers[0]?.document).toEqual({
      apiVersion: 'mcp-gate/v1',
      kind: 'McpServerDeployment',
      metadata: { name: 'billing', labels: {} },
      spec: {
        run: { command: ['node', '${env.TOKEN_X}'], passEnv: ['TOKEN_X'] },
        transport: { type: 'sse', path: '/sse' },
        authorization: { provider: 'embedded', scopes: [], issuers: [], clients: [] },
        exercise: [],
        handles: [],
        declares: { protocolVersions: [], capabilities: [], elicitationOrigins: [] },
      },
    });
    expect(plan.servers[0]?.secrets).toEqual(['very-secret']);
  });

  it('gives a document that reads back to the same document', async () => {
    for (const spec of [STDIO, HTTP, URL_RUN]) {
      const once = await planOf({ 'm.yaml': manifest(spec) });
      const document = once.servers[0]?.document;
      const again = await planOf({ 'm.json': JSON.stringify(document) });
      expect(again.servers[0]?.document).toEqual(document);
    }
  });

  const defaults: readonly [string, string, object][] = [
    ['stdio', STDIO, { transport: { type: 'stdio', path: '', host: null }, provider: 'none' }],
    [
      'HTTP',
      HTTP,
      { transport: { type: 'streamable-http', path: '/mcp', host: null }, provider: 'embedded' },
    ],
    [
      'a url',
      URL_RUN,
      { transport: { type: 'streamable-http', path: '/mcp', host: null }, provider: 'discovered' },
    ],
  ];
  it.each(defaults)('has defaults that fit %s', async (_, spec, expected) => {
    const plan = await planOf({ 'm.yaml': manifest(spec) });
    const [server] = plan.servers;
    expect({ transport: server?.transport, provider: server?.authorization.provider }).toEqual(expected);
  });

  it('fills in the url and the headers of a server that already runs, dollar signs and all', async () => {
    const spec =
      '  run:\n    url: "${env.BASE}/sse?x=1"\n    headers: { Authorization: "Bearer ${env.TOKEN_X}", Plain: "$${x}" }\n    passEnv: [BASE, TOKEN_X]\n    remote: true\n  transport: { type: sse }\n';
    const plan = await planOf(
      { 'm.yaml': manifest(spec) },
      { BASE: 'https://staging.example.com', TOKEN_X: 'a$${b}${port}' },
    );
    expect(plan.servers[0]?.run).toEqual({
      kind: 'url',
      url: 'https://staging.example.com/sse?x=1',
      headers: { Authorization: 'Bearer a$${b}${port}', Plain: '${x}' },
      remote: true,
    });
    expect(plan.servers[0]?.transport.path).toBe('/sse?x=1');
  });

  it('reads tokens and client credentials from the variables it names', async () => {
    const tokens =
      '  authorization:\n    provider: tokens\n    issuers: ["https://idp.example.com/realm"]\n    tokens: { alice: T_ALICE, bob: T_BOB, low-scope: T_LOW }\n';
    const clients =
      '  authorization:\n    provider: discovered\n    clients: [{ idEnv: ID_A, secretEnv: SECRET_A }, { idEnv: ID_B }]\n';
    const env = {
      T_ALICE: 'token-a',
      T_BOB: 'token-b',
      T_LOW: 'token-l',
      ID_A: 'client-a',
      SECRET_A: 'secret-a',
      ID_B: 'client-b',
    };
    const first = await planOf({ 'm.yaml': manifest(HTTP + tokens) }, env);
    expect(first.servers[0]?.authorization).toEqual({
      provider: 'tokens',
      scopes: [],
      issuers: ['https://idp.example.com/realm'],
      tokens: new Map([
        ['alice', { variable: 'T_ALICE', value: 'token-a' }],
        ['bob', { variable: 'T_BOB', value: 'token-b' }],
        ['low-scope', { variable: 'T_LOW', value: 'token-l' }],
      ]),
      clients: [],
    });
    expect(first.servers[0]?.secrets).toEqual(['token-a', 'token-b', 'token-l']);
    expect(JSON.stringify(first.servers[0]?.document)).not.toMatch(/token-[abl]/);
    const second = await planOf({ 'm.yaml': manifest(HTTP + clients) }, env);
    expect(second.servers[0]?.authorization.clients).toEqual([
      { id: { variable: 'ID_A', value: 'client-a' }, secret: { variable: 'SECRET_A', value: 'secret-a' } },
      { id: { variable: 'ID_B', value: 'client-b' }, secret: null },
    ]);
  });

  it('can be one of several documents and several files, in order, each file once', async () => {
    const files = {
      'a.yaml': `---\n${manifest(STDIO, 'one')}---\n---\n${manifest(HTTP, 'two')}...\n`,
      'b.json': JSON.stringify({
        $schema: './schema/manifest.schema.json',
        apiVersion: 'mcp-gate/v1',
        kind: 'McpServerDeployment',
        metadata: { name: 'three' },
        spec: { run: { command: ['node'] }, transport: { type: 'stdio' } },
      }),
    };
    await inWorkspace(files, async (cwd) => {
      const plan = await readPlan(['a.yaml', 'b.json', './a.yaml', join(cwd, 'b.json')], { cwd, env: {} });
      expect(plan.servers.map((server) => [server.name, server.manifest, server.locate('/spec')])).toEqual([
        ['one', 'a.yaml', { file: 'a.yaml', line: 5, column: 1 }],
        ['two', 'a.yaml', { file: 'a.yaml', line: 13, column: 1 }],
        ['three', 'b.json', { file: 'b.json', line: 1, column: 1 + files['b.json'].indexOf('"spec"') }],
      ]);
    });
  });

  it('accepts a byte order mark, CRLF line ends and small anchors', async () => {
    const text = `\uFEFF${manifest('  run: { command: &c [node] }\n  transport: { type: stdio }\n  declares: { capabilities: *c }\n')}`;
    const plan = await planOf({ 'm.yaml': text.replaceAll('\n', '\r\n') });
    expect(plan.servers[0]?.declares.capabilities).toEqual(['node']);
    expect(plan.servers[0]?.locate('/spec/run/command')).toEqual({ file: 'm.yaml', line: 5, column: 10 });
  });
});

describe('locate', () => {
  const cases: readonly [string, number, number][] = [
    ['', 1, 1],
    ['/metadata/labels/environment', 3, 38],
    ['/spec/run', 5, 3],
    ['/spec/run/command', 6, 5],
    ['/spec/run/command/2', 6, 32],
    ['/spec/run/env/OAUTH_ISSUER', 8, 12],
    ['/spec/transport/path', 10, 39],
    ['/spec/exercise/1', 16, 7],
    ['/spec/exercise/1/arguments/year', 17, 20],
    ['/spec/exercise/7/tool', 14, 3],
    ['/spec/declares/capabilities', 22, 3],
    ['/spec/authorization/issuers/0', 11, 3],
    ['/no/such/place', 1, 1],
    ['without-slash', 1, 1],
    ['/spec/run/__proto__/constructor', 5, 3],
    ['/~9/~', 1, 1],
  ];
  it.each(cases)('finds %j, or the nearest thing the user wrote, at %d:%d', async (pointer, line, column) => {
    const env = { BILLING_DB_URL: 'db' };
    const plan = await inWorkspace(FULL_FILES, (cwd) => readPlan(['deploy/mcp-gate.yaml'], { cwd, env }));
    expect(plan.servers[0]?.locate(pointer)).toEqual({ file: 'deploy/mcp-gate.yaml', line, column });
  });
});
