/** Wording that several outputs share. Everything returned here is still raw text: escape it for the output at hand. */
import { KNOWN_REVISIONS } from '../facts/revisions.js';
import { cap } from './escape.js';
import type { Report, ReportFinding, ServerReport } from './report.js';
import type { Tally } from './tally.js';

/** Longest text taken over into a rendered report, in UTF-16 units. The JSON report keeps the whole. */
export const LIMITS = {
  name: 120,
  title: 200,
  message: 2_000,
  path: 300,
  output: 8_000,
  outputLines: 20,
} as const;

export const STATUS_WORDS = {
  completed: 'completed',
  inconclusive: 'inconclusive',
  'not-applicable': 'does not apply',
  failed: 'failed',
} as const;

export const DECISION_WORDS = { allow: 'allowed', deny: 'denied', undecided: 'undecided' } as const;

export const LEVEL_MARKS = { deny: '❌', warn: '⚠️', notice: 'ℹ️' } as const;

/** `yes` becomes `Yes.` */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** `1 finding`, `2 findings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Milliseconds as people say them: `812 ms`, `2.1 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `1 deny, 2 warn`; empty levels are left out. */
export function tallyWords(tally: Tally): string {
  const parts = (['deny', 'warn', 'notice', 'waived'] as const)
    .filter((level) => tally[level] > 0)
    .map((level) => `${tally[level]} ${level}`);
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** `1 server`, or `3 servers (1 denied, 2 allowed)`. */
export function serverWords({ servers }: Report): string {
  const parts = (['deny', 'undecided', 'allow'] as const)
    .map((decision) => ({ decision, number: servers.filter((one) => one.decision === decision).length }))
    .filter(({ number }) => number > 0)
    .map(({ decision, number }) => `${number} ${DECISION_WORDS[decision]}`);
  return servers.length < 2
    ? count(servers.length, 'server')
    : `${count(servers.length, 'server')} (${parts.join(', ')})`;
}

/** `deploy/mcp-gate.yaml:7:3` */
export function place(location: ReportFinding['location']): string {
  return `${location.file}:${location.line}:${location.column}`;
}

/** The part of a rule id before the slash: `transport`. */
export function area(rule: string): string {
  const slash = rule.indexOf('/');
  return slash === -1 ? rule : rule.slice(0, slash);
}

/** One line on how the candidate negotiates, or null where nothing is known of it. */
export function protocolLine(server: ServerReport): string | null {
  const protocol = server.facts?.protocol;
  if (protocol === null || protocol === undefined) return null;
  return [
    `best ${protocol.best ?? 'none'}`,
    `oldest accepted ${protocol.oldestAccepted ?? 'none'}`,
    `eras ${protocol.eras.join(', ') || 'none'}`,
  ].join(' · ');
}

/** One experiment, or a whole probe, that gave no answer. */
export interface Gap {
  readonly what: string;
  readonly status: ServerReport['probes'][number]['status'];
  readonly reason: string;
}

/** What was not tested and why: the experiments where they are known, else the probe. */
export function gaps(server: ServerReport): Gap[] {
  const records = new Map(server.facts?.probes.map((record) => [record.id, record.untested]));
  return server.probes
    .filter((probe) => probe.status !== 'completed')
    .flatMap((probe) => {
      const untested = records.get(probe.id) ?? [];
      const reason = probe.reason ?? 'no reason was given';
      if (probe.status !== 'inconclusive' || untested.length === 0) {
        return [{ what: probe.id, status: probe.status, reason }];
      }
      return untested.map((one) => ({
        what: whatOf(probe.id, one.experiment),
        status: probe.status,
        reason: one.reason,
      }));
    });
}

/** What the gate itself could not do, as the first contact, leaves a whole probe open. */
function whatOf(probe: string, experiment: string): string {
  if (experiment.startsWith('gate/')) return probe;
  return experiment.startsWith(`${probe}/`) ? experiment : `${probe}/${experiment}`;
}

/** Gaps with one reason between them. */
export interface GapGroup extends Omit<Gap, 'what'> {
  readonly what: readonly string[];
}

/** The gaps, those of one status and reason together: a candidate that does not answer leaves all probes open for one. */
export function gapGroups(server: ServerReport): GapGroup[] {
  const groups = new Map<string, { readonly gap: Gap; readonly what: Set<string> }>();
  for (const gap of gaps(server)) {
    const key = `${gap.status} ${gap.reason}`;
    const group = groups.get(key) ?? { gap, what: new Set() };
    group.what.add(gap.what);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ gap: { status, reason }, what }) => ({
    what: [...what],
    status,
    reason,
  }));
}

/** Tokens and experiments that this set-up could not make, grouped by the reason; the verdict rests on the others. */
export interface Untried {
  readonly what: readonly string[];
  readonly reason: string;
}

/** What somebody should know who trusts an `allow`: with tokens from outside, not every defect can be tried. */
export function untried(server: ServerReport): Untried[] {
  const { facts } = server;
  const missing = [...(facts?.session?.principalsMissing ?? []), ...(facts?.tasks?.principalsMissing ?? [])];
  const entries = [
    ...(facts?.authorization?.notTested ?? []),
    ...missing.map(({ name, reason }) => ({ what: name, reason })),
    ...(facts?.session?.notTried ?? [])
      .filter(({ reason }) => OF_THE_MANIFEST.test(reason))
      .map(({ what, reason }) => ({ what: `${what} in somebody else's session`, reason })),
    ...unread(facts?.manifest),
  ];
  const byReason = new Map<string, Set<string>>();
  for (const { what, reason } of entries) {
    byReason.set(reason, (byReason.get(reason) ?? new Set()).add(what));
  }
  return [...byReason].map(([reason, what]) => ({ what: [...what], reason }));
}

/** What the manifest could change; that a server has no streams, say, is no gap. */
const OF_THE_MANIFEST = /\b(manifest|exercise)\b/u;

/** Fields that are taken and not yet looked at: whoever writes one must not think that it was checked. */
const UNREAD = { lock: 'a lock file', sbom: 'a bill of materials', registry: 'a registry entry' } as const;

function unread(manifest: unknown): { readonly what: string; readonly reason: string }[] {
  const spec = typeof manifest === 'object' && manifest !== null && 'spec' in manifest ? manifest.spec : null;
  if (typeof spec !== 'object' || spec === null) return [];
  return Object.entries(UNREAD)
    .filter(([key]) => Object.hasOwn(spec, key))
    .map(([key, words]) => ({
      what: `spec.${key}`,
      reason: `this version does not compare the server with ${words} yet`,
    }));
}

/** The last lines of a candidate that gave no verdict, oldest first; null where it would explain nothing. */
export function tellingOutput(server: ServerReport): string | null {
  const started = server.facts?.candidate.started ?? false;
  const lines = server.output
    .slice(-LIMITS.output)
    .split(/[\r\n]+/u)
    .filter((line) => line.trim() !== '');
  if (lines.length === 0 || (started && server.indecisions.length === 0)) return null;
  return lines.slice(-LIMITS.outputLines).join('\n');
}

/** What a run with nothing to complain about says. */
export function nothingFound(report: Report): string {
  return `No findings: ${count(report.policy.rules, 'rule')} looked at ${count(report.servers.length, 'server')}.`;
}

/** Who waived a finding, until when, where it is being mended, and why: `by … until …`. */
export function waiverTerms({
  owner,
  expires,
  ticket,
  reason,
}: NonNullable<ReportFinding['waiver']>): string {
  return `by ${owner} until ${expires}${ticket === null ? '' : ` (${ticket})`}: ${reason}`;
}

/** The same as a sentence that begins with `waived`. */
export function waiverWords(waiver: NonNullable<ReportFinding['waiver']>): string {
  return `waived ${waiverTerms(waiver)}`;
}

/** Whose policy data a server was judged by, or null where there is nothing to tell apart. */
export function environmentWords({ environment }: ServerReport): string | null {
  if (environment === null) return null;
  return environment.applied
    ? environment.name
    : `${environment.name} (unknown to the policy data: judged by what holds for all)`;
}

/** Whose policies decided, in a sentence without its full stop. */
export function policySourceWords({ policy: { source } }: Report): string {
  const commit = source.commit === null ? '' : ` at commit ${source.commit.slice(0, 12)}`;
  switch (source.kind) {
    case 'checkout':
      return `the files that are checked out${commit}`;
    case 'base':
      return `the base of this change${commit}`;
    case 'ref':
      return `the ref that was named${commit}`;
    case 'directory':
      return `the folder that was named${commit}`;
  }
}

/** What was tried on a server, in at most three lines, so that "no findings" says what it rests on. */
export function testedLines(server: ServerReport): string[] {
  const completed = server.probes.filter(({ status }) => status === 'completed').map(({ id }) => id);
  const { session, tasks, elicitation, transport } = server.facts ?? {};
  const foreign =
    (transport?.http?.foreignRequests.length ?? 0) + (transport?.http?.crossSitePosts.length ?? 0);
  const tried = [
    ...attemptsWords('sessions', session?.attempts ?? []),
    ...attemptsWords('tasks', tasks?.attempts ?? []),
    ...(foreign === 0 ? [] : [`${count(foreign, 'request')} as a foreign page sends them`]),
  ];
  const origins = new Set(elicitation?.requests.flatMap(({ url }) => url?.origin ?? []));
  const asked = elicitation?.requests.length ?? 0;
  return [
    `Tested: ${completed.join(', ') || 'nothing'}`,
    ...(tried.length === 0 ? [] : [`Tried: ${tried.join('; ')}`]),
    ...(asked === 0
      ? []
      : [`Asked of users: ${count(asked, 'elicitation')}, ${count(origins.size, 'origin')}`]),
  ];
}

function attemptsWords(
  what: string,
  attempts: readonly { readonly principal: string; readonly outcome: string }[],
): string[] {
  if (attempts.length === 0) return [];
  const people = new Set(attempts.map(({ principal }) => principal)).size;
  const refused = attempts.filter(({ outcome }) => outcome === 'refused').length;
  return [
    `${count(attempts.length, 'attempt')} on the owner's ${what} by ${count(people, 'other principal')}, ${refused} refused`,
  ];
}

/** Why a server could not be judged, one line for each reason, the policy's own reasons first; shortened, raw. */
export function openReasons(server: ServerReport): { readonly code: string; readonly message: string }[] {
  const open = gapGroups(server).filter((gap) => gap.status !== 'not-applicable');
  const reasons = [
    ...server.indecisions,
    ...open.map((gap) => ({
      code: gap.what.join(', '),
      message: `${STATUS_WORDS[gap.status]}: ${gap.reason}`,
    })),
  ];
  return reasons
    .slice(0, 50)
    .map(({ code, message }) => ({ code: cap(code, LIMITS.name), message: cap(message, LIMITS.message) }));
}

/** Where a revision stands among the published ones; unknown ones come last. */
export function revisionRank(revision: string): number {
  const index = (KNOWN_REVISIONS as readonly string[]).indexOf(revision);
  return index === -1 ? KNOWN_REVISIONS.length : index;
}
