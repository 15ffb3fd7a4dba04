import { describe, expect, it } from '@jest/globals';
import { ManifestError } from '../../src/manifest/problem.js';
import { readPlan } from '../../src/manifest/read.js';
import { HTTP, inWorkspace, manifest, problemsFrom, problemsOf, STDIO, URL_RUN } from './workspace.js';

const file = 'm.yaml';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly problems: readonly object[];
}

const run = (fields: string, transport = 'streamable-http'): string =>
  manifest(`  run:\n${fields}  transport: { type: ${transport} }\n`);

const cases: readonly Case[] = [
  {
    name: 'an unknown key, with the name that was meant',
    text: run('    comand: [node]\n    command: [node]\n'),
    problems: [
      {
        file,
        line: 6,
        column: 5,
        message: 'unknown key spec.run.comand',
        expected: 'one of command, cwd, env, passEnv, url, headers, remote',
        suggestion: 'did you mean "command"?',
      },
    ],
  },
  {
    name: 'an unknown key that resembles nothing',
    text: `${manifest(STDIO)}extra: 1\n`,
    problems: [
      {
        file,
        line: 7,
        column: 1,
        message: 'unknown key extra',
        expected: 'one of $schema, apiVersion, kind, metadata, spec',
      },
    ],
  },
  {
    name: 'an unknown key inside a list of a union',
    text: manifest(`${STDIO}  exercise:\n    - { tol: a, tool: b }\n`),
    problems: [
      {
        file,
        line: 8,
        column: 9,
        message: 'unknown key spec.exercise[0].tol',
        expected: 'one of tool, arguments, expect',
        suggestion: 'did you mean "tool"?',
      },
    ],
  },
  {
    name: 'a wrong type, without repeating what may be a secret',
    text: run('    command: [node]\n    env: { PORT: 8080 }\n'),
    problems: [
      {
        file,
        line: 7,
        column: 18,
        message: 'spec.run.env.PORT is not right',
        expected: 'a string',
        seen: 'a number',
        suggestion: 'put it in quotes',
      },
    ],
  },
  {
    name: 'a command that is not a list',
    text: run('    command: node server.js\n'),
    problems: [
      {
        file,
        line: 6,
        column: 14,
        message: 'spec.run.command is not right',
        expected: 'a list',
        seen: '"node server.js"',
        suggestion: 'write it as a list: [a, b, c]',
      },
    ],
  },
  {
    name: 'a value that is none of the choices',
    text: run('    command: [node]\n', 'streamable-htp'),
    problems: [
      {
        file,
        line: 7,
        column: 22,
        message: 'spec.transport.type is not right',
        expected: 'one of "stdio", "streamable-http", "sse"',
        seen: '"streamable-htp"',
        suggestion: 'did you mean "streamable-http"?',
      },
    ],
  },
  {
    name: 'required fields that are missing, at what should hold them',
    text: 'apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata:\n  labels: {}\nspec:\n  run: { command: [node] }\n',
    problems: [
      { file, line: 3, column: 1, message: 'metadata.name is missing', expected: 'a string' },
      { file, line: 5, column: 1, message: 'spec.transport is missing', expected: 'a mapping' },
    ],
  },
  {
    name: 'another version of the format',
    text: manifest(STDIO).replace('gate/v1', 'gate/v2'),
    problems: [
      {
        file,
        line: 1,
        column: 13,
        message: 'apiVersion is not right',
        expected: '"mcp-gate/v1"',
        seen: '"mcp-gate/v2"',
        suggestion: 'did you mean "mcp-gate/v1"?',
      },
    ],
  },
  {
    name: 'command and url together',
    text: run('    command: [node]\n    url: http://localhost/mcp\n'),
    problems: [
      {
        file,
        line: 7,
        column: 5,
        message: 'spec.run has both command and url',
        expected: 'exactly one of command, url',
      },
    ],
  },
  {
    name: 'nothing to run',
    text: run('    passEnv: []\n'),
    problems: [
      {
        file,
        line: 5,
        column: 3,
        message: 'spec.run does not say what to run',
        expected: 'exactly one of command, url',
      },
    ],
  },
  {
    name: 'an image, which comes later',
    text: run('    image: ghcr.io/acme/billing:1\n'),
    problems: [
      {
        file,
        line: 6,
        column: 5,
        message: 'spec.run.image is not yet supported',
        suggestion: 'start it with run.command, or start it before the gate and give run.url',
      },
    ],
  },
  {
    name: 'headers for a command and a folder for a url',
    text: `${run('    command: [node]\n    headers: { A: b }\n')}---\n${manifest('  run: { url: "http://localhost/", cwd: . }\n  transport: { type: sse }\n', 'other')}`,
    problems: [
      {
        file,
        line: 7,
        column: 5,
        message: 'spec.run.headers means nothing here',
        expected: 'headers only with url',
      },
      {
        file,
        line: 14,
        column: 36,
        message: 'spec.run.cwd means nothing here',
        expected: 'cwd only with command',
      },
    ],
  },
  {
    name: 'a url over stdio',
    text: manifest('  run: { url: "http://localhost/" }\n  transport: { type: stdio }\n'),
    problems: [
      {
        file,
        line: 6,
        column: 22,
        message: 'stdio needs a process of its own',
        expected: '"streamable-http" or "sse" with run.url',
        seen: '"stdio"',
      },
    ],
  },
  {
    name: 'a path on stdio',
    text: manifest('  run: { command: [node] }\n  transport: { type: stdio, path: /mcp }\n'),
    problems: [
      {
        file,
        line: 6,
        column: 29,
        message: 'spec.transport.path means nothing here',
        expected: 'path only with run.command over HTTP',
        seen: 'transport stdio',
      },
    ],
  },
  {
    name: 'a host on another machine',
    text: run('    url: http://203.0.113.7/mcp\n'),
    problems: [
      {
        file,
        line: 6,
        column: 10,
        message: 'the gate talks to this machine only',
        expected: 'localhost, 127.0.0.1 or [::1]',
        seen: 'the host "203.0.113.7"',
        suggestion: 'set spec.run.remote: true in an mcp-gate manifest if the deployment is yours to attack',
      },
    ],
  },
  {
    name: 'a name that only begins like this machine',
    text: run('    url: http://127.0.0.1.example.com/mcp\n'),
    problems: [
      {
        file,
        line: 6,
        column: 10,
        message: 'the gate talks to this machine only',
        expected: 'localhost, 127.0.0.1 or [::1]',
        seen: 'the host "127.0.0.1.example.com"',
        suggestion: 'set spec.run.remote: true in an mcp-gate manifest if the deployment is yours to attack',
      },
    ],
  },
  {
    name: 'a user name in a url',
    text: run('    url: http://me:pw@localhost/mcp\n'),
    problems: [
      {
        file,
        line: 6,
        column: 10,
        message: 'not a usable address',
        expected: 'an http or https URL without user name',
      },
    ],
  },
  {
    name: 'variables that do not exist, are unfinished, or are not in passEnv',
    text: run(
      '    command: [node, "${prt}", "${HOME}", "${port", "${env.A}"]\n    env: { B: "${env.C}" }\n    passEnv: [C]\n',
    ),
    problems: [
      {
        file,
        line: 6,
        column: 21,
        message: 'unknown variable ${prt}',
        expected:
          'one of port, host, identity.issuer, identity.jwksUri, identity.audience, identity.introspectionEndpoint, identity.clientId, identity.clientSecret, env.NAME',
        suggestion: 'did you mean "port"?',
      },
      {
        file,
        line: 6,
        column: 31,
        message: 'unknown variable ${HOME}',
        expected:
          'one of port, host, identity.issuer, identity.jwksUri, identity.audience, identity.introspectionEndpoint, identity.clientId, identity.clientSecret, env.NAME',
        suggestion: 'write $${ for a literal ${',
      },
      { file, line: 6, column: 42, message: 'a ${ without its }', suggestion: 'write $${ for a literal ${' },
      {
        file,
        line: 6,
        column: 52,
        message: '${env.A} is not available',
        suggestion: 'list A in spec.run.passEnv',
      },
      {
        file,
        line: 7,
        column: 15,
        message: 'the environment variable C has no value',
        suggestion: 'set C where the gate runs',
      },
    ],
    env: { A: 'set', C: '' },
  },
  {
    name: 'a port on stdio, an identity without the embedded provider, and either in a url',
    text: [
      manifest('  run: { command: [node, "${port}"] }\n  transport: { type: stdio }\n'),
      manifest(
        '  run: { command: [node, "${identity.issuer}"] }\n  transport: { type: sse }\n  authorization: { provider: none }\n',
        'two',
      ),
      manifest('  run: { url: "http://localhost:${port}/" }\n  transport: { type: sse }\n', 'three'),
    ].join('---\n'),
    problems: [
      {
        file,
        line: 5,
        column: 26,
        message: '${port} has no value on stdio',
        expected: 'a transport over HTTP',
      },
      {
        file,
        line: 12,
        column: 26,
        message: '${identity.issuer} has no value here',
        expected: 'authorization.provider embedded',
      },
      {
        file,
        line: 20,
        column: 15,
        message: '${port} is known only when a command starts',
        suggestion: 'use it in run.command or run.env',
      },
    ],
  },
  {
    name: "the runner's own variables, and one twice",
    text: run('    command: [node]\n    passEnv: [GITHUB_TOKEN, ACTIONS_X, INPUT_X, RUNNER_X, A, A]\n'),
    problems: [
      ...[
        [15, 'GITHUB_TOKEN'],
        [29, 'ACTIONS_X'],
        [40, 'INPUT_X'],
        [49, 'RUNNER_X'],
      ].map(([column, name]) => ({
        file,
        line: 7,
        column,
        message: `"${name}" belongs to the runner and is never passed on`,
        expected:
          'no name of the runner (GITHUB_…, ACTIONS_…, INPUT_…, RUNNER_…) and no credential of the job (GH_TOKEN, NPM_TOKEN, …)',
        suggestion: 'give the value another name in the workflow and fill it in with env and ${env.NAME}',
      })),
      { file, line: 7, column: 62, message: 'A is listed twice', suggestion: 'remove one' },
    ],
  },
  {
    name: 'files and folders that are missing or of the wrong kind',
    text: `${run('    command: [node]\n    cwd: nowhere\n')}  sbom: nope.json\n  lock: .\n  serverJson: m.yaml/x\n`,
    problems: [
      {
        file,
        line: 7,
        column: 10,
        message: 'the folder cannot be used: it does not exist',
        expected: 'a folder',
        seen: '"nowhere"',
      },
      {
        file,
        line: 9,
        column: 9,
        message: 'the file cannot be used: it does not exist',
        expected: 'a file, relative to the manifest',
        seen: '"nope.json"',
      },
      {
        file,
        line: 10,
        column: 9,
        message: 'the file cannot be used: it is not a file',
        expected: 'a file, relative to the manifest',
        seen: '"."',
      },
      {
        file,
        line: 11,
        column: 15,
        message: 'the file cannot be used: it does not exist',
        expected: 'a file, relative to the manifest',
        seen: '"m.yaml/x"',
      },
    ],
  },
  {
    name: 'authorization on stdio',
    text: manifest(`${STDIO}  authorization: { provider: embedded }\n`),
    problems: [
      {
        file,
        line: 7,
        column: 30,
        message: 'there is no authorization on stdio',
        expected: '"none"',
        seen: '"embedded"',
      },
    ],
  },
  {
    name: 'the embedded issuer for a server that already runs',
    text: manifest(`${URL_RUN}  authorization: { provider: embedded }\n`),
    problems: [
      {
        file,
        line: 7,
        column: 30,
        message: 'a server that already runs cannot learn the embedded issuer',
        expected: '"discovered", "tokens" or "none" with run.url',
        seen: '"embedded"',
      },
    ],
  },
  {
    name: 'provider tokens without tokens, and tokens without the provider',
    text: `${manifest(`${HTTP}  authorization: { provider: tokens }\n`)}---\n${manifest(`${HTTP}  authorization: { tokens: { alice: A, bob: B } }\n`, 'two')}`,
    env: { A: 'a', B: 'b' },
    problems: [
      {
        file,
        line: 7,
        column: 20,
        message: 'spec.authorization.tokens is missing',
        expected: 'the variables with the tokens of at least alice and bob',
      },
      {
        file,
        line: 15,
        column: 20,
        message: 'spec.authorization.tokens means nothing here',
        expected: 'tokens only with provider tokens',
        seen: 'provider embedded',
      },
    ],
  },
  {
    name: 'a token without a value, and a token where its variable belongs, which is not repeated',
    text: manifest(
      `${HTTP}  authorization: { provider: tokens, tokens: { alice: A, bob: eyJhbGciOi.x.y } }\n`,
    ),
    problems: [
      {
        file,
        line: 7,
        column: 55,
        message: 'the environment variable A has no value',
        suggestion: 'set A where the gate runs',
      },
      {
        file,
        line: 7,
        column: 63,
        message: 'spec.authorization.tokens.bob is not right',
        expected: 'the name of an environment variable: letters, digits, underscore',
        seen: 'a string',
      },
    ],
  },
  {
    name: 'an origin that no browser would write, and one with a path',
    text: manifest(
      `${STDIO}  declares: { elicitationOrigins: ["https://Example.com:443", "https://a.example/x"] }\n`,
    ),
    problems: [
      {
        file,
        line: 7,
        column: 36,
        message: 'not an origin as browsers write it',
        expected: 'scheme, lower-case host, and a port unless it is the default',
        seen: '"https://Example.com:443"',
        suggestion: 'write "https://example.com"',
      },
      {
        file,
        line: 7,
        column: 63,
        message: 'spec.declares.elicitationOrigins[1] is not right',
        expected: 'an origin such as https://connect.example.com',
        seen: '"https://a.example/x"',
      },
    ],
  },
  {
    name: 'a handle that is never used',
    text: manifest(
      `${STDIO}  handles:\n    - mint: { tool: a, pointer: /x }\n      use: { tool: b, arguments: { id: "$\${handle}" } }\n`,
    ),
    problems: [
      {
        file,
        line: 9,
        column: 7,
        message: 'the call that uses the handle does not take it',
        expected: '"${handle}" somewhere in use.arguments',
      },
    ],
  },
  {
    name: 'a server name used twice in a file',
    text: `${manifest(STDIO)}---\n${manifest(STDIO)}`,
    problems: [
      {
        file,
        line: 10,
        column: 19,
        message: 'the server name "billing" is used twice',
        suggestion: 'choose another; the first is at m.yaml:3',
      },
    ],
  },
  {
    name: 'a name with hidden characters',
    text: manifest(STDIO, '"bill\\u202eing"'),
    problems: [
      {
        file,
        line: 3,
        column: 19,
        message: 'metadata.name is not right',
        expected: 'a visible name without control characters',
        seen: '"bill\u202eing"',
      },
    ],
  },
  {
    name: 'a Kubernetes document',
    text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\n',
    problems: [
      {
        file,
        line: 2,
        column: 7,
        message: 'Kubernetes documents are not yet supported',
        expected: 'a manifest with apiVersion: mcp-gate/v1 and kind: McpServerDeployment, or an mcp.json',
        seen: '"apps/v1", kind "Deployment"',
        suggestion: 'write an mcp-gate manifest that starts the server with run.command',
      },
    ],
  },
  {
    name: 'a compose file',
    text: 'services: [web]\nimage: x\n',
    problems: [
      {
        file,
        line: 1,
        column: 1,
        message: 'container descriptions are not yet supported',
        expected: 'a manifest with apiVersion: mcp-gate/v1 and kind: McpServerDeployment, or an mcp.json',
        seen: 'a mapping with "services", "image"',
      },
    ],
  },
  {
    name: 'something else altogether',
    text: '- a\n- b\n',
    problems: [
      {
        file,
        line: 1,
        column: 1,
        message: 'not a manifest',
        expected: 'a manifest with apiVersion: mcp-gate/v1 and kind: McpServerDeployment, or an mcp.json',
        seen: 'a list',
      },
    ],
  },
];

describe('a manifest with mistakes', () => {
  it.each(cases)('is told of $name', async ({ text, env, problems }) => {
    expect(await problemsOf({ [file]: text }, env)).toEqual(problems);
  });

  it('is told of all of them at once, in the order of files and lines', async () => {
    const files = {
      'b.yaml': `${manifest('  run: { command: [node], cwd: x }\n  transport: { type: stdo }\n')}more: 1\n`,
      'a.yaml': 'kind: [',
      'c.yaml': manifest(STDIO),
    };
    const problems = await inWorkspace(files, (cwd) =>
      problemsFrom(readPlan(['b.yaml', 'a.yaml', 'c.yaml', 'missing.yaml'], { cwd, env: {} })),
    );
    expect(problems.map(({ file: name, line, column }) => [name, line, column])).toEqual([
      ['b.yaml', 5, 32],
      ['b.yaml', 6, 22],
      ['b.yaml', 7, 1],
      ['a.yaml', 1, 8],
      ['c.yaml', 3, 19],
      ['missing.yaml', 1, 1],
    ]);
  });

  it('comes as an error whose message has one line for each problem', async () => {
    const text = manifest('  run: { command: [node] }\n  transport: { type: stdo }\n');
    const error = await inWorkspace({ [file]: text }, (cwd) =>
      readPlan([file], { cwd, env: {} }).catch((cause: unknown) => cause),
    );
    expect(error).toBeInstanceOf(ManifestError);
    expect(error).toMatchObject({
      name: 'ManifestError',
      message:
        'm.yaml:6:22: spec.transport.type is not right (expected one of "stdio", "streamable-http", "sse", seen "stdo"); did you mean "stdio"?',
    });
  });

  it('cannot be no manifest at all', async () => {
    const problems = await problemsFrom(readPlan([], { cwd: '/', env: {} }));
    expect(problems).toEqual([
      { file: '.', line: 1, column: 1, message: 'no manifest was given', expected: 'at least one manifest' },
    ]);
  });
});
