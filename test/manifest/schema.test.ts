import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readPlan } from '../../src/manifest/read.js';
import { manifestJsonSchema } from '../../src/manifest/schema.js';
import { HTTP, inWorkspace, manifest, STDIO, URL_RUN } from './workspace.js';

const RUN = '  run: { command: [node] }\n';

const good: readonly string[] = [
  manifest(STDIO),
  manifest(HTTP),
  manifest(URL_RUN),
  manifest(
    '  run: { url: "${env.BASE}/mcp", passEnv: [BASE], headers: { X-A: b }, remote: true }\n  transport: { type: sse }\n',
  ),
  manifest(`${RUN}  transport: { type: sse, path: "/x?y=1", host: "::1" }\n  exercise: auto\n`),
  manifest(`${HTTP}  authorization: { provider: none, scopes: ["mcp:tools"] }\n  declares: {}\n`),
  manifest(`${HTTP}  exercise: [{ tool: a, arguments: { deep: [{ x: null }] }, expect: task }]\n`),
  manifest(
    `${STDIO}  handles: [{ mint: { tool: a, pointer: /x/0 }, use: { tool: b, arguments: { i: "\${handle}" } } }]\n`,
  ),
  manifest(`${STDIO}  whoami: { tool: a, pointer: "" }\n  registry: { name: a.b/c }\n`),
  manifest(`${STDIO}  artifact: { file: m.yaml }\n`),
  manifest(`${STDIO}  artifact: { image: "acme/billing:1@sha256:${'a'.repeat(64)}" }\n`),
  manifest(`${STDIO}  artifact: { package: "pkg:npm/a@1", digest: "sha512:${'a'.repeat(128)}" }\n`),
];

const bad: readonly string[] = [
  '{}',
  '[]',
  manifest(STDIO).replace('v1', 'v2'),
  manifest(STDIO).replace('kind:', 'knd:'),
  manifest(STDIO, '""'),
  manifest(STDIO, '" a"'),
  manifest(STDIO, `"${'a'.repeat(101)}"`),
  manifest(RUN),
  manifest('  transport: { type: stdio }\n'),
  manifest('  run: {}\n  transport: { type: stdio }\n'),
  manifest('  run: { command: [] }\n  transport: { type: stdio }\n'),
  manifest('  run: { command: [1] }\n  transport: { type: stdio }\n'),
  manifest('  run: { command: ["a\\0b"] }\n  transport: { type: stdio }\n'),
  manifest('  run: { image: x }\n  transport: { type: stdio }\n'),
  manifest('  run: { command: [a], url: "http://localhost" }\n  transport: { type: sse }\n'),
  manifest('  run: { command: [a], headers: {} }\n  transport: { type: sse }\n'),
  manifest('  run: { command: [a], remote: true }\n  transport: { type: sse }\n'),
  manifest('  run: { url: "http://localhost", env: {} }\n  transport: { type: sse }\n'),
  manifest('  run: { url: "ftp://localhost" }\n  transport: { type: sse }\n'),
  manifest('  run: { url: "http://localhost", headers: { "a b": c } }\n  transport: { type: sse }\n'),
  manifest('  run: { command: [a], env: { "1A": c } }\n  transport: { type: sse }\n'),
  manifest(`${RUN}  transport: { type: http }\n`),
  manifest(`${RUN}  transport: { type: sse, host: example.com }\n`),
  manifest(`${RUN}  transport: { type: sse, path: x }\n`),
  manifest(`${HTTP}  authorization: { provider: oidc }\n`),
  manifest(`${HTTP}  authorization: { provider: tokens, tokens: { alice: A } }\n`),
  manifest(`${HTTP}  authorization: { scopes: ["a b"] }\n`),
  manifest(`${HTTP}  exercise: manual\n`),
  manifest(`${HTTP}  exercise: [{ arguments: {} }]\n`),
  manifest(`${HTTP}  exercise: [{ tool: a, expect: x }]\n`),
  manifest(`${HTTP}  handles: [{ mint: { tool: a, pointer: x }, use: { tool: b } }]\n`),
  manifest(`${HTTP}  declares: { protocolVersions: [latest] }\n`),
  manifest(`${HTTP}  declares: { elicitationOrigins: ["https://a/b"] }\n`),
  manifest(`${HTTP}  registry: { name: billing }\n`),
  manifest(`${HTTP}  sbom: ""\n`),
  manifest(`${HTTP}  artifact: {}\n`),
  manifest(`${HTTP}  artifact: { file: "" }\n`),
  manifest(`${HTTP}  artifact: { image: "acme/billing:1" }\n`),
  manifest(
    `${HTTP}  artifact: { image: "a@sha256:${'a'.repeat(64)}", digest: "sha256:${'a'.repeat(64)}" }\n`,
  ),
  manifest(`${HTTP}  artifact: { package: "pkg:npm/a@1" }\n`),
  manifest(`${HTTP}  artifact: { package: "npm/a@1", digest: "sha256:${'a'.repeat(64)}" }\n`),
  manifest(`${HTTP}  artifact: { file: m.yaml, image: "a@sha256:${'a'.repeat(64)}" }\n`),
  manifest(`${HTTP}  unknown: 1\n`),
];

async function isAccepted(text: string): Promise<boolean> {
  return inWorkspace({ 'm.yaml': text }, async (cwd) => {
    const env = { BASE: 'http://localhost', A: 'a', B: 'b' };
    return readPlan(['m.yaml'], { cwd, env }).then(
      () => true,
      () => false,
    );
  });
}

describe('the JSON Schema of the manifest', () => {
  const validate = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(
    manifestJsonSchema(),
  );

  it.each(good)('accepts what the parser accepts: %s', async (text) => {
    expect([validate(parse(text)), validate.errors, await isAccepted(text)]).toEqual([true, null, true]);
  });

  it.each(bad)('refuses what the parser refuses: %s', async (text) => {
    expect([validate(parse(text)), await isAccepted(text)]).toEqual([false, false]);
  });

  it('is the one that is committed', async () => {
    const committed: unknown = JSON.parse(
      await readFile(new URL('../../schema/manifest.schema.json', import.meta.url), 'utf8'),
    );
    expect(committed).toEqual(JSON.parse(JSON.stringify(manifestJsonSchema())));
  });

  it('explains every field', () => {
    const silent: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [key, inner] of Object.entries(schema)) {
        if (key !== 'properties') {
          if (key !== 'oneOf') visit(inner, path);
          continue;
        }
        for (const [name, field] of Object.entries(inner as Record<string, Record<string, unknown>>)) {
          if (typeof field['description'] !== 'string') silent.push(`${path}/${name}`);
          visit(field, `${path}/${name}`);
        }
      }
    };
    visit(manifestJsonSchema(), '');
    expect(silent).toEqual([]);
  });
});
