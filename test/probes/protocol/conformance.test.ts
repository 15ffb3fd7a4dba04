/** A refusal of the caller says nothing about the rules of the revision. */
import { describe, expect, it } from '@jest/globals';
import { Lab } from '../../../src/probes/lab.js';
import { conformanceExperiments } from '../../../src/probes/protocol/conformance.js';
import type { Reply } from '../../../src/wire/exchange.js';
import type { Wire } from '../../../src/wire/wire.js';

const CONTEXT = { method: 'tools/list', speaksLegacy: true, servesHeaderlessClients: false };

/** A wire whose right requests are served, and whose others get this status. */
function wire(status: number): Wire {
  const exchange = {
    id: 'x1',
    answer: { status, headers: {}, messages: [] },
  } as unknown as Reply['exchange'];
  const request = async (method: string, _params?: unknown, options?: unknown): Promise<Reply> =>
    method === 'tools/list' && options === undefined
      ? { kind: 'result', result: {}, exchange }
      : { kind: 'http', status, exchange };
  return {
    transport: 'streamable-http',
    modern: async () => ({ request, close: async () => undefined }),
  } as unknown as Wire;
}

async function conformity(status: number) {
  const lab = new Lab({ probe: 'protocol', signal: new AbortController().signal, width: 1 });
  const found = await lab.runInTurn(conformanceExperiments(wire(status), lab, CONTEXT));
  expect(lab.untested).toEqual([]);
  return Object.fromEntries(found.map((one) => [one?.case, one?.conforms]));
}

const CASES = [
  'version-header-mismatch',
  'version-header-missing',
  'method-header-missing',
  'method-header-wrong',
  'name-header-missing',
  'name-header-wrong',
  'unknown-method',
  'unsupported-version',
  'meta-missing',
  'session-header-echoed',
];

const all = (value: boolean | null) => Object.fromEntries(CASES.map((name) => [name, value]));

describe('the refusals of revision 2026-07-28', () => {
  it.each([401, 429, 503])('cannot be told where the caller is turned away with %d', async (status) => {
    expect(await conformity(status)).toEqual(all(null));
  });

  it('are wrong where the status is another and there is no error', async () => {
    expect(await conformity(500)).toEqual(all(false));
  });

  it('may be those of an older revision, which the server speaks too, where the header names that one', async () => {
    expect(await conformity(400)).toEqual({ ...all(false), 'version-header-mismatch': null });
  });

  it('are those of an older revision wrongly where the server speaks none', async () => {
    const lab = new Lab({ probe: 'protocol', signal: new AbortController().signal, width: 1 });
    const [mismatch] = conformanceExperiments(wire(400), lab, { ...CONTEXT, speaksLegacy: false });
    if (mismatch === undefined) throw new Error('expected an experiment');

    expect(await lab.runInTurn([mismatch])).toMatchObject([
      { case: 'version-header-mismatch', conforms: false },
    ]);
  });
});
