/** Sends what a page of another site, or a rebinding page, could send, to every route. Specification: 2025-11-25 and 2026-07-28 basic/transports, security. */
import type { ForeignRequest } from '../../facts/transport.js';
import type { Connection } from '../../wire/connection.js';
import type { Exchange } from '../../wire/exchange.js';
import type { LegacyConnection, ModernConnection, Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { isUnanswered } from '../reading.js';
import { demandControl, FOREIGN_NAME, outcomeOfAttack, outcomeOfStream } from './attempt.js';
import type { Face } from './faces.js';
import type { Speech } from './speech.js';

type Case = ForeignRequest['case'];
type Headers = Readonly<Record<string, string>>;
type Attempt = Pick<ForeignRequest, 'outcome' | 'httpStatus' | 'evidence'>;

interface Variation {
  readonly name: string;
  readonly case: Case;
  readonly headers: Headers;
}

/** A rebinding page's name resolves to the candidate, so its port is the candidate's own. */
function variations(port: number): Variation[] {
  const name = `${FOREIGN_NAME}:${port}`;
  // Names that pass where only the beginning of an Origin is compared, or whether the right name is in it somewhere.
  const lookalikes = ['localhost', '127.0.0.1'].map(
    (ours): Variation => ({
      name: `foreign-origin/${ours}`,
      case: 'foreign-origin',
      headers: { origin: `http://${ours}.${name}` },
    }),
  );
  return [
    { name: 'foreign-origin', case: 'foreign-origin', headers: { origin: `http://${FOREIGN_NAME}` } },
    ...lookalikes,
    { name: 'null-origin', case: 'null-origin', headers: { origin: 'null' } },
    { name: 'foreign-host', case: 'foreign-host', headers: { host: name } },
    { name: 'rebinding', case: 'rebinding', headers: { host: name, origin: `http://${name}` } },
  ];
}

/** Every case against every face and operation; each on a connection of its own, with a control before and after. */
export function foreignExperiments(
  wire: Wire,
  lab: Lab,
  faces: readonly Face[],
  speech: Speech,
  port: number,
): Experiment<ForeignRequest>[] {
  const experiments: Experiment<ForeignRequest>[] = [];
  for (const face of faces) {
    for (const variation of variations(port)) {
      for (const operation of operationsOf(face, speech)) {
        const name = `${variation.name}/${operation.era}/${operation.name}${face.path}`;
        const { headers } = variation;
        experiments.push({
          name,
          run: async () => ({
            face: face.path,
            kind: face.kind,
            era: operation.era,
            operation: operation.name,
            case: variation.case,
            authenticated: !speech.withoutToken,
            ...(await operation.try({ wire, experiment: lab.nameOf(name), face, headers, speech })),
          }),
        });
      }
    }
  }
  return experiments;
}

interface Trial {
  readonly wire: Wire;
  readonly experiment: string;
  readonly face: Face;
  /** What makes the request a foreign page's. */
  readonly headers: Headers;
  readonly speech: Speech;
}

interface Operation {
  readonly name: ForeignRequest['operation'];
  readonly era: ForeignRequest['era'];
  readonly try: (trial: Trial) => Promise<Attempt>;
}

function operationsOf(face: Face, speech: Speech): Operation[] {
  if (face.kind === 'sse') return [{ name: 'stream', era: 'legacy', try: tryDeprecatedStream }];
  if (face.kind === 'messages')
    return [
      { name: 'message', era: 'legacy', try: (trial) => tryBetween(trial, openDeprecatedSession, 'ping') },
    ];
  const legacy: Operation[] = [
    { name: 'initialize', era: 'legacy', try: tryInitialize },
    { name: 'request', era: 'legacy', try: (trial) => tryBetween(trial, openSession, 'ping') },
    { name: 'stream', era: 'legacy', try: tryStream },
  ];
  const modern = speech.modern === null ? [] : [modernRequest(speech.modern.method)];
  return [...(speech.legacy === null ? [] : legacy), ...modern];
}

function modernRequest(method: string): Operation {
  return { name: 'request', era: 'modern', try: (trial) => tryBetween(trial, openModern, method) };
}

type Opening<C extends Connection> = (trial: Trial) => Promise<C>;

async function openSession({ wire, experiment, speech }: Trial): Promise<LegacyConnection> {
  return shakeHands(await wire.legacy({ experiment }), speech.legacy);
}

function openModern({ wire, experiment, speech }: Trial): Promise<ModernConnection> {
  if (speech.modern === null) throw new Untestable('the candidate speaks no modern revision');
  return wire.modern({ experiment, version: speech.modern.version });
}

async function openDeprecatedSession({ wire, experiment, speech }: Trial): Promise<LegacyConnection> {
  const path = speech.deprecatedPath;
  if (path === null) throw new Untestable('the deprecated event stream is not offered');
  return shakeHands(await wire.deprecatedSse({ experiment, path }), '2024-11-05');
}

async function shakeHands(connection: LegacyConnection, revision: string | null): Promise<LegacyConnection> {
  const { reply, negotiated } = await connection.initialize(revision);
  if (negotiated !== null) {
    await connection.initialized();
    return connection;
  }
  await connection.close();
  demandControl(reply, 'a right initialize');
  throw new Untestable('the control failed: a right initialize negotiated no revision');
}

/** Uses a connection, and closes it whatever happens. */
async function lend<C extends Connection, T>(
  opening: Promise<C>,
  use: (connection: C) => Promise<T>,
): Promise<T> {
  const connection = await opening;
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** One request as a foreign page would send it, between two right ones on the same connection. */
function tryBetween<C extends Connection>(trial: Trial, open: Opening<C>, method: string): Promise<Attempt> {
  return lend(open(trial), async (connection) => {
    const control = await connection.request(method);
    demandControl(control, `a right ${method}`);
    const reply = await connection.request(method, {}, { headers: trial.headers });
    const after = await connection.request(method);
    // Some end the session of a bad request; then a right client must get another one.
    if (after.kind !== 'result')
      await lend(open(trial), async (fresh) =>
        demandControl(await fresh.request(method), `a right ${method} after the attempt`),
      );
    return attemptOf(outcomeOfAttack(reply), control.exchange, reply.exchange);
  });
}

function tryInitialize(trial: Trial): Promise<Attempt> {
  const { wire, experiment, headers, speech } = trial;
  return lend(openSession(trial), (control) =>
    lend(wire.legacy({ experiment }), async (attacker) => {
      const { reply } = await attacker.initialize(speech.legacy, { headers });
      demandControl(await control.request('ping'), 'the legitimate client after the attempt');
      return attemptOf(outcomeOfAttack(reply), reply.exchange);
    }),
  );
}

/** The specification lets a server offer no stream at all; then there is nothing that a page could read. */
function tryStream(trial: Trial): Promise<Attempt> {
  return lend(openSession(trial), async (connection) => {
    const stream = await connection.openStream({ headers: trial.headers });
    await stream.close();
    if (isUnanswered(stream.exchange)) {
      const control = await connection.openStream();
      await control.close();
      if (isUnanswered(control.exchange))
        throw new Untestable(
          'GET is neither refused nor answered, as without these headers: nobody can tell whether the stream was opened',
        );
    }
    return attemptOf(outcomeOfStream(stream.exchange), stream.exchange);
  });
}

async function tryDeprecatedStream({ wire, experiment, face, headers }: Trial): Promise<Attempt> {
  const get = (extra: Headers) =>
    wire.http({
      experiment,
      method: 'GET',
      path: face.path,
      headers: { accept: 'text/event-stream', ...extra },
      readStream: 'until-quiet',
    });
  const control = await get({});
  if (outcomeOfStream(control) !== 'accepted')
    throw new Untestable('the control failed: a right GET opened no stream');
  const exchange = await get(headers);
  return attemptOf(outcomeOfStream(exchange), control, exchange);
}

/** The attempt is the last of the exchanges that prove it. */
function attemptOf(outcome: Attempt['outcome'], ...exchanges: readonly Exchange[]): Attempt {
  const httpStatus = exchanges.at(-1)?.answer.status ?? null;
  return { outcome, httpStatus, evidence: exchanges.map(({ id }) => id) };
}
