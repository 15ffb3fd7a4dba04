import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { remembering } from '../../../src/policy/author/cached.js';
import type { Compiler } from '../../../src/policy/compiler/compiler.js';
import { CompilerCrash, type Outcome } from '../../../src/policy/compiler/contract.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-gate-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sources = { modules: { 'a.rego': 'package a\n' } };
const wrong: Outcome<never> = { kind: 'wrong', problems: [] };

/** A compiler that gives one answer to everything, and counts how often it is asked. */
function counting(answer: Outcome<never>): { compiler: Compiler; asked: () => number } {
  let asked = 0;
  const ask = async (): Promise<Outcome<never>> => {
    asked += 1;
    return answer;
  };
  const compiler = { check: ask, test: ask, format: ask, version: ask, build: ask, explain: ask };
  return { compiler: compiler as unknown as Compiler, asked: () => asked };
}

describe('a compiler that remembers', () => {
  it('is asked once about the same content, by this run and the next', async () => {
    const { compiler, asked } = counting(wrong);
    const first = await remembering(compiler, { folder, version: '1' }).check(sources);
    const again = await remembering(compiler, { folder, version: '1' }).check(sources);

    expect([first, again, asked()]).toEqual([wrong, wrong, 1]);
  });

  it.each([
    ['other content', '1', { modules: { 'a.rego': 'package b\n' } }],
    ['another file name', '1', { modules: { 'b.rego': 'package a\n' } }],
    ['another compiler', '2', sources],
    ['another mode', '1', { ...sources, lax: true }],
  ])('is asked again about %s', async (_, version, request) => {
    const { compiler, asked } = counting(wrong);
    await remembering(compiler, { folder, version: '1' }).check(sources);
    await remembering(compiler, { folder, version }).check(request);

    expect(asked()).toBe(2);
  });

  it('forgets tests that ask for the time, and crashes', async () => {
    const clock = { modules: { 'a_test.rego': 'package a_test\n\ntest_a if time.now_ns() > 0\n' } };
    const { compiler, asked } = counting(wrong);
    const crashing = counting({ kind: 'crashed', crash: new CompilerCrash('broken') });
    for (const _ of [1, 2]) {
      await remembering(compiler, { folder, version: '1' }).test(clock);
      await remembering(crashing.compiler, { folder, version: '1' }).version();
    }

    expect([asked(), crashing.asked()]).toEqual([2, 2]);
  });

  it('asks when what it kept is damaged, or cannot be kept', async () => {
    const { compiler, asked } = counting(wrong);
    await remembering(compiler, { folder, version: '1' }).check(sources);
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"ki');
    await remembering(compiler, { folder, version: '1' }).check(sources);
    await remembering(compiler, { folder: join(folder, 'a\0b'), version: '1' }).check(sources);

    expect(asked()).toBe(3);
  });

  it('keeps a limited number of answers', async () => {
    const { compiler } = counting(wrong);
    const memory = remembering(compiler, { folder, version: '1' });
    for (let index = 0; index < 230; index += 1) await memory.check({ modules: { a: String(index) } });

    expect(readdirSync(folder).length).toBeLessThanOrEqual(200);
  });
});
