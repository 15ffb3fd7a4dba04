/** How each fault shows to somebody who asks directly: the question, what the faultless server says, and what this one says. */
import type { Peer } from './peer.js';
import { at, modern, negotiated, openSession, outcome, portrait, request } from './questions.js';
import type { Symptom } from './symptom.js';
import { TRANSPORT_SYMPTOMS } from './transportSymptoms.js';

const UNKNOWN = '2099-12-31';

/** Versions that `initialize` answers with, for each asked. */
const asked =
  (...versions: string[]) =>
  async (peer: Peer): Promise<unknown[]> => {
    const answers: unknown[] = [];
    for (const version of versions) answers.push(await negotiated(peer, version));
    return answers;
  };

const known = asked('2024-11-05', '2025-06-18', '2025-11-25');
const KNOWN_RIGHT = ['2025-11-25', '2025-06-18', '2025-11-25'];
const unknown = asked(UNKNOWN, '2025-11-25');
const UNKNOWN_RIGHT = ['2025-11-25', '2025-11-25'];

/** Whether two askings, or two clients, get the same. */
const alike =
  (first: string, second: string) =>
  async (peer: Peer): Promise<boolean> =>
    JSON.stringify(await portrait(peer, first)) === JSON.stringify(await portrait(peer, second));

const stability: Symptom = { ask: alike('a', 'a'), right: true, wrong: false };
const cloaking: Symptom = { ask: alike('claude-ai', 'cursor-vscode'), right: true, wrong: false };

/** Outcomes of a modern request with something wrong in it. */
const modernOutcome =
  (method: string, options: Parameters<typeof modern>[2]) =>
  async (peer: Peer): Promise<unknown[]> => {
    const answer = await modern(peer, method, options);
    const listed = at(answer.message, 'error', 'data', 'supported');
    return [
      ...outcome(answer).map((part, index) => (index === 0 && peer.transport === 'stdio' ? 'stdio' : part)),
      listed ?? null,
    ];
  };

const call = { params: { name: 'whoami', arguments: {} } };
const refusedHeader = [400, -32020, null];
const served = [200, 'result', null];

/** The same on stdio, which has no status. */
const anyStatus = (symptom: {
  method: string;
  options?: Parameters<typeof modern>[2];
  right: unknown[];
  wrong: unknown[];
}): Symptom => ({
  ask: async (peer) => (await modernOutcome(symptom.method, symptom.options)(peer)).slice(1),
  right: symptom.right,
  wrong: symptom.wrong,
});

const modernError = (rule: string, symptom: Symptom): [string, Symptom] => [
  `protocol/modern-errors:${rule}`,
  symptom,
];
const headerError = (
  rule: string,
  method: string,
  options: Parameters<typeof modern>[2],
): [string, Symptom] =>
  modernError(rule, { ask: modernOutcome(method, options), right: refusedHeader, wrong: served });

const sessionHeader: Symptom = {
  ask: async (peer) =>
    (await modern(peer, 'tools/list', { headers: { 'mcp-session-id': 'abc' } })).headers['mcp-session-id'] ??
    null,
  right: null,
  wrong: 'abc',
};

const plainMethod = (method: string): Symptom => ({
  ask: async (peer) => (await peer.send(undefined, { method })).status,
  right: 405,
  wrong: 200,
});

const wrongVersionHeader: Symptom = {
  ask: async (peer) => {
    const send = await openSession(peer);
    return (await send(request('ping'), { 'mcp-protocol-version': 'no-such-revision' })).status;
  },
  right: 400,
  wrong: 200,
};

const discovered: Symptom['ask'] = async (peer) => {
  const answer = await modern(peer, 'server/discover');
  return at(answer.message, 'result', 'supportedVersions') ?? at(answer.message, 'error', 'code');
};

/** A ping in a batch, on a session where there is one. */
const batch: Symptom = {
  ask: async (peer) => {
    const send = await openSession(peer);
    const answer = await send([request('ping')] as never);
    const first: unknown = Array.isArray(answer.message) ? answer.message[0] : answer.message;
    return at(first, 'error', 'code') ?? (at(first, 'result') === undefined ? null : 'result');
  },
  right: -32600,
  wrong: 'result',
};

export const SYMPTOMS: ReadonlyMap<string, Symptom> = new Map<string, Symptom>([
  [
    'protocol/below-minimum',
    { ask: known, right: KNOWN_RIGHT, wrong: ['2024-11-05', '2025-03-26', '2025-03-26'] },
  ],
  [
    'protocol/below-minimum:first-revision',
    { ask: known, right: KNOWN_RIGHT, wrong: ['2024-11-05', '2024-11-05', '2024-11-05'] },
  ],
  [
    'protocol/below-preferred',
    { ask: known, right: KNOWN_RIGHT, wrong: ['2025-06-18', '2025-06-18', '2025-06-18'] },
  ],
  [
    'protocol/accepts-below-minimum',
    { ask: known, right: KNOWN_RIGHT, wrong: ['2024-11-05', '2025-06-18', '2025-11-25'] },
  ],
  ['protocol/echoes-unknown-version', { ask: unknown, right: UNKNOWN_RIGHT, wrong: [UNKNOWN, '2025-11-25'] }],
  [
    'protocol/invalid-negotiation:silence',
    { ask: unknown, right: UNKNOWN_RIGHT, wrong: ['silence', '2025-11-25'] },
  ],
  [
    'protocol/invalid-negotiation:http-400-on-newer',
    { ask: unknown, right: UNKNOWN_RIGHT, wrong: ['HTTP 400', '2025-11-25'] },
  ],
  [
    'protocol/invalid-negotiation:wrong-type',
    { ask: unknown, right: UNKNOWN_RIGHT, wrong: [20251125, '2025-11-25'] },
  ],
  [
    'protocol/invalid-negotiation:unpublished-version',
    { ask: unknown, right: UNKNOWN_RIGHT, wrong: ['2025-12-01', '2025-11-25'] },
  ],
  ['protocol/unstable-negotiation', stability],
  ['protocol/unstable-negotiation:tools', stability],
  ['protocol/unstable-negotiation:server-info', stability],
  ['protocol/header-not-enforced', wrongVersionHeader],
  ['protocol/discover-inconsistent', { ask: discovered, right: ['2026-07-28'], wrong: ['2025-11-25'] }],
  ['protocol/discover-inconsistent:missing', { ask: discovered, right: ['2026-07-28'], wrong: -32601 }],
  headerError('version-header-mismatch', 'tools/list', { headers: { 'mcp-protocol-version': '2025-11-25' } }),
  headerError('version-header-missing', 'tools/list', { headers: { 'mcp-protocol-version': null } }),
  headerError('method-header-missing', 'tools/list', { headers: { 'mcp-method': null } }),
  headerError('method-header-wrong', 'tools/list', { headers: { 'mcp-method': 'prompts/get' } }),
  headerError('name-header-missing', 'tools/call', { ...call, headers: { 'mcp-name': null } }),
  headerError('name-header-wrong', 'tools/call', { ...call, headers: { 'mcp-name': 'echo' } }),
  modernError('header-mismatch-status', {
    ask: modernOutcome('tools/list', { headers: { 'mcp-method': null } }),
    right: refusedHeader,
    wrong: [200, -32020, null],
  }),
  modernError(
    'unknown-method',
    anyStatus({ method: 'no/such', right: [-32601, null], wrong: [-32603, null] }),
  ),
  modernError('unknown-method-status', {
    ask: modernOutcome('no/such', {}),
    right: [404, -32601, null],
    wrong: [200, -32601, null],
  }),
  modernError(
    'unsupported-version',
    anyStatus({
      method: 'tools/list',
      options: { version: UNKNOWN },
      right: [-32022, ['2026-07-28']],
      wrong: [-32600, null],
    }),
  ),
  modernError(
    'unsupported-version-without-list',
    anyStatus({
      method: 'tools/list',
      options: { version: UNKNOWN },
      right: [-32022, ['2026-07-28']],
      wrong: [-32022, null],
    }),
  ),
  modernError('unsupported-version-status', {
    ask: modernOutcome('tools/list', { version: UNKNOWN }),
    right: [400, -32022, ['2026-07-28']],
    wrong: [200, -32022, ['2026-07-28']],
  }),
  modernError('meta-missing', {
    ask: modernOutcome('tools/list', { without: ['clientCapabilities'] }),
    right: [400, -32602, null],
    wrong: served,
  }),
  modernError('get', plainMethod('GET')),
  modernError('delete', plainMethod('DELETE')),
  modernError('session-header-echoed', sessionHeader),
  ['protocol/cloaking', cloaking],
  ['protocol/cloaking:capabilities', cloaking],
  ...TRANSPORT_SYMPTOMS,
  ['fact/batch-accepted', batch],
  [
    'fact/discover-lists-unpublished',
    { ask: discovered, right: ['2026-07-28'], wrong: ['2026-07-28', '2027-01-31'] },
  ],
]);
