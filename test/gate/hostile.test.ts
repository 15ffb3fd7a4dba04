/** Whatever a hostile server does, the gate ends with a verdict that is not allow, and leaves no process behind. */
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerReport } from '../../src/report/report.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { limitsWith } from '../../src/wire/limits.js';
import { HOSTILE } from '../zoo/hostile/table.mjs';
import { hostileManifest } from '../zoo/manifest.mjs';
import { gateTexts, inLanes } from './kit.js';

const CASES = HOSTILE.flatMap(({ id, transports, neverAllow, why }) =>
  transports.map((transport) => ({ id, transport, neverAllow, why, name: `${id} over ${transport}` })),
);
const LANES = 3;

/** Seventy servers that never answer are waited for one by one, so each wait is short. */
const IMPATIENT = limitsWith({
  firstAnswerMs: 4000,
  requestTimeoutMs: 1500,
  budgetMs: 60_000,
  longestRunMs: 60_000,
});

const runs = new Map<string, { readonly server: ServerReport; readonly printed: string }>();

beforeAll(async () => {
  await inLanes(CASES, LANES, async ({ id, transport, name }) => {
    const { report } = await gateTexts([hostileManifest({ id, transport })], {}, { limits: IMPATIENT });
    const [server] = report.servers;
    if (server === undefined) throw new Error(`${name} has no report`);
    runs.set(name, { server, printed: renderTerminal(report, { color: false, width: 100 }) });
  });
}, 900_000);

function runOf(name: string) {
  const run = runs.get(name);
  if (run === undefined) throw new Error(`${name} was not gated`);
  return run;
}

describe('hostile servers', () => {
  it.each(CASES.filter(({ neverAllow }) => neverAllow))('never allows $name: $why', ({ name }) => {
    const { server } = runOf(name);

    expect(['deny', 'undecided']).toContain(server.decision);
    expect(server.findings.length + server.indecisions.length).toBeGreaterThan(0);
  });

  it.each(CASES)('prints nothing that a terminal or a runner would obey for $name', ({ name }) => {
    const { printed } = runOf(name);

    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(printed).not.toMatch(/^\s*::/m);
  });

  it('leaves no process behind', () => {
    const alive = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes('zoo/hostile/server.mjs') || line.includes('zoo-leftover'));

    expect(alive).toEqual([]);
  });
});
