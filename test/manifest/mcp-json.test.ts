import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../src/manifest/read.js';
import { inWorkspace, planOf, problemsOf } from './workspace.js';

const VSCODE = `{
	// what the editor asks for
	"inputs": [
		{ "type": "promptString", "id": "api-key", "description": "Key // of the API", "password": true, },
	],
	/* the
	   servers */
	"servers": {
		"local": {
			"type": "stdio",
			"command": "node",
			"args": ["\${workspaceFolder}/server.js", "--key=\${input:api-key}", "$\${x}"],
			"env": { "LEVEL": 3, "UNSET": null, "FROM": "\${env:WHERE_FROM}" },
			"envFile": "\${workspaceFolder}/.env",
			"dev": { "watch": "src/**" },
		},
		"http": {
			"type": "http",
			"url": "http://localhost:3000/mcp?a=1",
			"headers": { "Authorization": "Bearer \${input:api-key}" },
		},
		"old": { "type": "sse", "url": "http://127.0.0.1:3001/events" },
	},
}
`;

const FILES = {
  '.vscode/mcp.json': VSCODE,
  '.env':
    '# comment\nexport FROM_FILE="a b"\nLEVEL=9\nSINGLE=\'x\' # why\n\nnot a line\nEMPTY=\nPLAIN=a#b #c\n',
};
const ENV = { MCP_GATE_INPUT_API_KEY: 'secret-key', WHERE_FROM: 'somewhere' };

const AUTHORIZATION = { scopes: [], issuers: [], tokens: new Map(), clients: [] };

describe("VS Code's mcp.json", () => {
  it('gives one server for each entry', async () => {
    await inWorkspace(FILES, async (cwd) => {
      const { servers } = await readPlan(['.vscode/mcp.json'], { cwd, env: ENV });
      expect(
        servers.map(({ name, manifest, run, transport, authorization }) => ({
          name,
          manifest,
          run,
          transport,
          authorization,
        })),
      ).toEqual([
        {
          name: 'local',
          manifest: '.vscode/mcp.json',
          run: {
            kind: 'command',
            command: ['node', `${cwd}/server.js`, '--key=secret-key', '$${x}'],
            cwd,
            env: {
              FROM_FILE: 'a b',
              LEVEL: '3',
              SINGLE: 'x',
              EMPTY: '',
              PLAIN: 'a#b',
              FROM: 'somewhere',
            },
            passEnv: [],
          },
          transport: { type: 'stdio', path: '', host: null },
          authorization: { provider: 'none', ...AUTHORIZATION },
        },
        {
          name: 'http',
          manifest: '.vscode/mcp.json',
          run: {
            kind: 'url',
            url: 'http://localhost:3000/mcp?a=1',
            headers: { Authorization: 'Bearer secret-key' },
            remote: false,
          },
          transport: { type: 'streamable-http', path: '/mcp?a=1', host: null },
          authorization: { provider: 'discovered', ...AUTHORIZATION },
        },
        {
          name: 'old',
          manifest: '.vscode/mcp.json',
          run: { kind: 'url', url: 'http://127.0.0.1:3001/events', headers: {}, remote: false },
          transport: { type: 'sse', path: '/events', host: null },
          authorization: { provider: 'discovered', ...AUTHORIZATION },
        },
      ]);
      expect(servers.map((server) => server.secrets)).toEqual([
        ['secret-key', 'somewhere'],
        ['secret-key'],
        [],
      ]);
    });
  });

  it('is shown to policies in native form, without any value of a variable', async () => {
    const plan = await inWorkspace(FILES, (cwd) => readPlan(['.vscode/mcp.json'], { cwd, env: ENV }));
    expect(plan.servers[0]?.document).toEqual({
      apiVersion: 'mcp-gate/v1',
      kind: 'McpServerDeployment',
      metadata: { name: 'local', labels: {} },
      spec: {
        run: {
          command: ['node', '${workspaceFolder}/server.js', '--key=${input:api-key}', '$${x}'],
          env: {
            FROM_FILE: '${envFile:FROM_FILE}',
            LEVEL: '3',
            SINGLE: '${envFile:SINGLE}',
            EMPTY: '${envFile:EMPTY}',
            PLAIN: '${envFile:PLAIN}',
            FROM: '${env:WHERE_FROM}',
          },
          passEnv: [],
        },
        transport: { type: 'stdio' },
        authorization: { provider: 'none', scopes: [], issuers: [], clients: [] },
        exercise: [],
        handles: [],
        declares: { protocolVersions: [], capabilities: [], elicitationOrigins: [] },
      },
    });
  });

  const places: readonly [number, string, number, number][] = [
    [0, '', 9, 3],
    [0, '/metadata/name', 9, 3],
    [0, '/spec/transport/type', 10, 4],
    [0, '/spec/run/command/0', 11, 4],
    [0, '/spec/run/command/1', 12, 13],
    [0, '/spec/run/command/2', 12, 45],
    [0, '/spec/run/env/LEVEL', 13, 13],
    [0, '/spec/run/env/FROM_FILE', 13, 4],
    [0, '/spec/authorization', 9, 3],
    [1, '/spec/run/url', 19, 4],
    [1, '/spec/run/headers/Authorization', 20, 17],
    [1, '/spec/transport/path', 19, 4],
    [2, '/spec/run', 22, 3],
    [2, 'nonsense', 22, 3],
  ];
  it.each(places)('leads from server %d, %j, back to %d:%d', async (index, pointer, line, column) => {
    const plan = await inWorkspace(FILES, (cwd) => readPlan(['.vscode/mcp.json'], { cwd, env: ENV }));
    expect(plan.servers[index]?.locate(pointer)).toEqual({ file: '.vscode/mcp.json', line, column });
  });

  it('says which variables to set when nobody can be asked', async () => {
    expect(await problemsOf(FILES, {})).toEqual([
      {
        file: '.vscode/mcp.json',
        line: 12,
        column: 45,
        message: '${input:api-key} has no value, and nobody is there to be asked',
        suggestion: 'set MCP_GATE_INPUT_API_KEY where the gate runs',
      },
      {
        file: '.vscode/mcp.json',
        line: 13,
        column: 48,
        message: 'the environment variable WHERE_FROM has no value',
        suggestion: 'set WHERE_FROM where the gate runs',
      },
      {
        file: '.vscode/mcp.json',
        line: 20,
        column: 34,
        message: '${input:api-key} has no value, and nobody is there to be asked',
        suggestion: 'set MCP_GATE_INPUT_API_KEY where the gate runs',
      },
    ]);
  });
});

describe('the mcp.json of Claude, Cursor and their kin', () => {
  it('gives one server for each entry, guesses the transport, and expands as they do', async () => {
    const text = JSON.stringify({
      globalShortcut: 'Ctrl+Space',
      mcpServers: {
        everything: { command: 'npx', args: ['-y', '${PACKAGE:-server-everything}'], disabled: true },
        remote: { url: 'http://localhost:1/mcp', headers: { 'X-Home': '${userHome}${/}${env:ONE}' } },
        events: { url: 'http://localhost:2/sse' },
        named: { type: 'streamable-http', url: 'http://localhost:3/sse' },
      },
    });
    const plan = await planOf({ 'claude_desktop_config.json': text }, { ONE: '1', HOME: '/home/me' });
    const home = `/home/me${sep}1`;
    expect(plan.servers.map(({ name, run, transport }) => [name, transport.type, run])).toEqual([
      [
        'everything',
        'stdio',
        expect.objectContaining({ command: ['npx', '-y', 'server-everything'], env: {} }),
      ],
      [
        'remote',
        'streamable-http',
        { kind: 'url', url: 'http://localhost:1/mcp', headers: { 'X-Home': home }, remote: false },
      ],
      ['events', 'sse', { kind: 'url', url: 'http://localhost:2/sse', headers: {}, remote: false }],
      [
        'named',
        'streamable-http',
        { kind: 'url', url: 'http://localhost:3/sse', headers: {}, remote: false },
      ],
    ]);
  });

  it('runs in the workspace, or in the folder an entry names', async () => {
    const entries = {
      a: { command: 'x' },
      b: { command: 'x', cwd: 'sub' },
      c: { command: 'x', cwd: '${userHome}' },
    };
    const files = { '.cursor/mcp.json': JSON.stringify({ mcpServers: entries }), 'sub/x': '' };
    await inWorkspace(files, async (cwd) => {
      const plan = await readPlan(['.cursor/mcp.json'], { cwd, env: {} });
      expect(plan.servers.map(({ run }) => (run.kind === 'command' ? run.cwd : null))).toEqual([
        cwd,
        join(cwd, 'sub'),
        homedir(),
      ]);
    });
  });
});

const file = 'mcp.json';
const at = (line: number, column: number): object => ({ file, line, column });
const inEntry = (entry: string, key = 'mcpServers'): string => `{"${key}": {\n"a": ${entry}\n}}`;

const mistakes: readonly (readonly [string, string, readonly object[]])[] = [
  [
    'an unknown key',
    inEntry('{"comand": "x", "command": "x"}'),
    [
      {
        ...at(2, 7),
        message: 'unknown key mcpServers.a.comand',
        expected:
          'one of type, command, args, env, envFile, cwd, url, headers, alwaysAllow, auth, autoApprove, autoStart, description, dev, disabled, disabledTools, enabled, enabledTools, gallery, icon, name, oauth, sandbox, sandboxEnabled, timeout, tools, trust, version',
        suggestion: 'did you mean "command"?',
      },
    ],
  ],
  [
    'a wrong type',
    inEntry('{"command": "x", "args": "-y"}'),
    [
      {
        ...at(2, 31),
        message: 'mcpServers.a.args is not right',
        expected: 'a list',
        seen: '"-y"',
        suggestion: 'write it as a list: [a, b, c]',
      },
    ],
  ],
  [
    'a wrong value in env, without repeating it',
    inEntry('{"command": "x", "env": {"A": true}}'),
    [
      {
        ...at(2, 36),
        message: 'mcpServers.a.env.A is not right',
        expected: 'a string or a number or null',
        seen: 'a boolean',
      },
    ],
  ],
  [
    'a name of a variable that is none',
    inEntry('{"command": "x", "env": {"A-B": "c"}}'),
    [
      {
        ...at(2, 31),
        message: 'mcpServers.a.env.A-B is not a usable name',
        expected: 'the name of an environment variable: letters, digits, underscore',
      },
    ],
  ],
  [
    'an entry that is no mapping',
    inEntry('"npx"'),
    [{ ...at(2, 6), message: 'mcpServers.a is not right', expected: 'a mapping', seen: '"npx"' }],
  ],
  [
    'an entry that runs nothing',
    inEntry('{}'),
    [
      {
        ...at(2, 1),
        message: 'mcpServers.a does not say what to run',
        expected: 'exactly one of command, url',
      },
    ],
  ],
  [
    'an entry that runs two things',
    inEntry('{"command": "x", "url": "http://localhost/"}'),
    [
      {
        ...at(2, 23),
        message: 'mcpServers.a has both command and url',
        expected: 'exactly one of command, url',
      },
    ],
  ],
  [
    'a type that contradicts',
    inEntry('{"type": "http", "command": "x"}'),
    [
      {
        ...at(2, 15),
        message: 'mcpServers.a.type does not fit',
        expected: 'url with this type',
        seen: '"http"',
      },
    ],
  ],
  [
    'headers for a command',
    inEntry('{"command": "x", "headers": {"A": "b"}}'),
    [{ ...at(2, 23), message: 'mcpServers.a.headers means nothing here', expected: 'headers only with url' }],
  ],
  [
    'a host on another machine',
    inEntry('{"url": "https://mcp.example.com/"}'),
    [
      {
        ...at(2, 14),
        message: 'the gate talks to this machine only',
        expected: 'localhost, 127.0.0.1 or [::1]',
        seen: 'the host "mcp.example.com"',
        suggestion: 'set spec.run.remote: true in an mcp-gate manifest if the deployment is yours to attack',
      },
    ],
  ],
  [
    'a credential of the job',
    inEntry('{"command": "x", "env": {"A": "${env:GH_TOKEN}"}}'),
    [
      {
        ...at(2, 36),
        message: '${env:GH_TOKEN} belongs to the runner and is never passed on',
        suggestion: 'give the value another name in the workflow',
      },
    ],
  ],
  [
    "the runner's own variables",
    inEntry('{"command": "x", "env": {"A": "${env:GITHUB_TOKEN}"}}'),
    [
      {
        ...at(2, 36),
        message: '${env:GITHUB_TOKEN} belongs to the runner and is never passed on',
        suggestion: 'give the value another name in the workflow',
      },
    ],
  ],
  [
    'an input nobody defined, and a variable of another program',
    `{"inputs": [{"id": "apiKey"}], "servers": {\n"a": {"command": "x", "args": ["\${input:apikey}", "\${command:x}", "\${HOME}"]}}}`,
    [
      {
        ...at(2, 32),
        message: '${input:apikey} is not defined',
        expected: 'one of apiKey',
        suggestion: 'did you mean "apiKey"?',
      },
      ...[
        [51, 'command:x'],
        [67, 'HOME'],
      ].map(([column, name]) => ({
        ...at(2, Number(column)),
        message: `unknown variable \${${name}}`,
        expected:
          'one of ${env:NAME}, ${input:id}, ${workspaceFolder}, ${workspaceFolderBasename}, ${userHome}, ${pathSeparator}',
      })),
    ],
  ],
  [
    'a file of variables that is missing',
    inEntry('{"command": "x", "envFile": ".env"}'),
    [
      {
        ...at(2, 34),
        message: 'the envFile cannot be read: it does not exist',
        expected: 'a file, relative to the workspace',
        seen: '".env"',
      },
    ],
  ],
  [
    'no entry',
    '{"mcpServers": {}}',
    [{ ...at(1, 2), message: 'mcpServers is empty', expected: 'at least one server' }],
  ],
  [
    'both kinds of list',
    '{"mcpServers": {"a": {"command": "x"}},\n"servers": {}}',
    [{ ...at(2, 1), message: 'the file has both servers and mcpServers', expected: 'one of them' }],
  ],
  [
    "an unknown key beside VS Code's servers",
    '{"servers": {"a": {"command": "x"}},\n"input": []}',
    [
      {
        ...at(2, 1),
        message: 'unknown key input',
        expected: 'one of $schema, inputs, sandbox, servers',
        suggestion: 'did you mean "inputs"?',
      },
    ],
  ],
  [
    'a name used twice',
    '{"servers": {"a": {"command": "x"},\n"a": {"command": "x"}}}',
    [
      {
        ...at(2, 1),
        message: 'the key "a" is given twice',
        suggestion: 'remove one; the first is in line 1',
      },
    ],
  ],
];

describe('an mcp.json with mistakes', () => {
  it.each(mistakes)('is told of %s', async (_, text, problems) => {
    expect(await problemsOf({ [file]: text })).toEqual(problems);
  });

  it('is told of a name that a native manifest uses too', async () => {
    const native =
      'apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata: { name: a }\nspec: { run: { command: [x] }, transport: { type: stdio } }\n';
    const text = `${JSON.stringify({ mcpServers: { a: { command: 'x' } } })}\n---\n${native}`;
    expect(await problemsOf({ 'both.yaml': text })).toEqual([
      {
        file: 'both.yaml',
        line: 5,
        column: 19,
        message: 'the server name "a" is used twice',
        suggestion: 'choose another; the first is at both.yaml:1',
      },
    ]);
  });
});
