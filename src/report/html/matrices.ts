/** Facts as tables: which revision was asked for and what came back, where users would be sent, what the transport lets through. */
import { elicitationsOf } from '../elicited.js';
import { cap } from '../escape.js';
import { sortedFindings } from '../order.js';
import { LIMITS, revisionRank } from '../phrases.js';
import type { ServerReport } from '../report.js';
import { sessionGrids, taskGrid } from './binding.js';
import { type Entry, type Grid, own, sent } from './grid.js';
import { outcome } from './outcome.js';

type Facts = NonNullable<ServerReport['facts']>;
type Protocol = NonNullable<Facts['protocol']>;
type Transport = NonNullable<Facts['transport']>;
type Elicitation = NonNullable<Facts['elicitation']>;

/** All tables that there are facts for. */
export function matrices(server: ServerReport): Grid[] {
  if (server.facts === null) return [];
  const { protocol, session, tasks, elicitation, transport } = server.facts;
  return [
    ...(protocol === null ? [] : [negotiation(protocol)]),
    ...(session === null ? [] : sessionGrids(session)),
    ...(tasks === null ? [] : [taskGrid(tasks)]),
    ...(elicitation === null ? [] : [origins(server, elicitation)]),
    ...(transport === null ? [] : [lets(transport)]),
  ].filter(({ rows }) => rows.length > 0);
}

function negotiation({ initialize, discover, inline }: Protocol): Grid {
  const rank = (value: string | number | null): number =>
    typeof value === 'string' ? revisionRank(value) : Number.MAX_SAFE_INTEGER;
  const attempts = initialize
    .map((attempt, index) => ({ attempt, index }))
    .sort((a, b) => rank(a.attempt.requested) - rank(b.attempt.requested) || a.index - b.index)
    .map(({ attempt }) => attempt);
  return {
    title: 'How it negotiates: revision asked for and answer',
    note: null,
    head: ['Asked for', 'By', 'Outcome', 'Answered'],
    rows: [
      ...attempts.map((one) => [
        [requested(one.requested)],
        [sent('initialize')],
        [outcome(one)],
        one.answered === null ? [] : [sent(one.answered)],
      ]),
      ...(discover === null
        ? []
        : [
            [
              [own('nothing')],
              [sent('server/discover')],
              [outcome(discover)],
              discover.supportedVersions.map((version) => sent(version)),
            ],
          ]),
      ...inline.map((one) => [
        [sent(one.requested)],
        [sent(`_meta (${one.case})`)],
        [outcome(one)],
        one.supported.map((version) => sent(version)),
      ]),
    ],
  };
}

function requested(value: string | number | null): Entry {
  if (value === null) return own('nothing');
  return value === '' ? own('empty string') : sent(String(value));
}

/** A row for each origin that users would be sent to, and one for forms. */
function origins(server: ServerReport, { requests, reviewed }: Elicitation): Grid {
  const known = new Set(reviewed);
  const groups = new Map<string, { readonly first: Entry; readonly asked: Elicitation['requests'] }>();
  for (const request of requests) {
    const origin = request.url?.origin ?? null;
    const key = `${request.mode} ${origin ?? ''}`;
    const group = groups.get(key) ?? { first: destination(request), asked: [] };
    group.asked.push(request);
    groups.set(key, group);
  }
  return {
    title: 'Elicited origins: where users would be sent',
    note: 'Nothing here was opened. “Reviewed”: the policy or the manifest names the origin; whether it may be used is for the rules to say.',
    head: ['Origin', 'Status', 'Reviewed', 'Tools', 'How', 'Asked'],
    rows: [...groups.values()].map(({ first, asked }) => {
      const origin = asked[0]?.url?.origin ?? null;
      return [
        [first],
        statusOf(server, asked),
        [own(origin === null ? 'does not apply' : known.has(origin) ? 'yes' : 'no'), ...near(asked)],
        [...new Set(asked.map(({ tool }) => tool))].map((tool) =>
          tool === '' ? own('before any call') : sent(tool),
        ),
        [...new Set(asked.map(({ channel, era }) => `${channel.replaceAll('-', ' ')} (${era})`))].map(
          (text) => own(text),
        ),
        asked.map(({ id, principal, evidence }) => own(`as ${principal}`, [id, ...evidence])),
      ];
    }),
  };
}

/** What the findings say of these elicitations, the worst first. */
function statusOf(server: ServerReport, asked: Elicitation['requests']): Entry[] {
  const findings = sortedFindings([server])
    .map(({ finding }) => finding)
    .filter((finding) => elicitationsOf(server, finding).some((request) => asked.includes(request)));
  if (findings.length === 0) return [own('no finding')];
  const verdicts = new Set(
    findings.map((one) => `${one.waiver === null ? one.level : 'waived'}: ${cap(one.rule, LIMITS.name)}`),
  );
  return [...verdicts].map((text) => ({ text, kind: 'words', evidence: [], telling: false }));
}

function destination({ mode, url }: Elicitation['requests'][number]): Entry {
  if (url === null) return own(mode === 'form' ? 'a form, no URL' : 'no URL');
  return url.origin === null ? sent(`${url.scheme ?? 'no scheme'}: (no origin)`) : sent(url.origin);
}

function near(asked: Elicitation['requests']): Entry[] {
  const relations = asked.flatMap(({ url }) => url?.near ?? []).filter(({ relation }) => relation !== 'same');
  const texts = relations.map(({ origin, relation }) => `${relation.replaceAll('-', ' ')}: ${origin}`);
  return [...new Set(texts)].map((text) => ({ text, kind: 'words', evidence: [], telling: false }));
}

function lets({ http, stdio, batches, crashes }: Transport): Grid {
  return {
    title: 'What its transport lets through',
    note: null,
    head: ['Attempt', 'Where', 'Outcome'],
    rows: [
      ...(http === null ? [] : httpRows(http)),
      ...(stdio === null
        ? []
        : [
            [
              [own('noise on stdout')],
              [own('stdio')],
              [own(`${stdio.noise.lines} lines`, stdio.noise.evidence)],
            ],
            [
              [own('closed stdin')],
              [own('stdio')],
              [own(stdio.exitOnEof.exited ? 'exits' : 'does not exit', stdio.exitOnEof.evidence)],
            ],
          ]),
      ...batches.map((one) => [
        [own(`batch${one.allowed ? '' : ' (forbidden)'}`)],
        [sent(one.revision)],
        [outcome(one)],
      ]),
      ...crashes.map((one) => [
        [own('crash')],
        [sent(one.experiment)],
        [
          {
            text: one.signal ?? `exit code ${one.exitCode ?? 'unknown'}`,
            kind: 'words' as const,
            evidence: one.evidence,
            telling: true,
          },
        ],
      ]),
    ],
  };
}

function httpRows(http: NonNullable<Transport['http']>): Entry[][][] {
  return [
    ...http.foreignRequests.map((one) => [
      [own(`${one.case} · ${one.operation}${withToken(one)}`)],
      [sent(one.face)],
      [outcome(one)],
    ]),
    ...http.crossSitePosts.map((one) => [
      [own(`cross-site POST${withToken(one)}`), sent(one.contentType)],
      [sent(one.face)],
      [outcome(one)],
    ]),
    ...http.cors.map((one) => [
      [own(`CORS ${one.method}`)],
      [sent(one.face)],
      one.allowOrigin === null
        ? [own('no permission', one.evidence)]
        : [
            own(one.allowCredentials ? 'allows with credentials:' : 'allows:'),
            sent(one.allowOrigin, one.evidence),
          ],
    ]),
    [
      [own('deprecated HTTP+SSE')],
      http.deprecatedSse.path === null ? [] : [sent(http.deprecatedSse.path)],
      [own(http.deprecatedSse.offered ? 'offered' : 'not offered', http.deprecatedSse.evidence)],
    ],
  ];
}

function withToken(attempt: { readonly authenticated: boolean }): string {
  return attempt.authenticated ? ' (with a token)' : '';
}
