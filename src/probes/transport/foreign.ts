/** Sends what a page of another site, or a rebinding page, could send, to every route. Specification: 2025-11-25 and 2026-07-28 basic/transports, security. */
import type { ForeignRequest } from '../../facts/transport.js';
import type { Connection } from '../../wire/connection.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { demandControl, FOREIGN_NAME, outcomeOfReply, outcomeOfStream } from './attempt.js';
import type { Face } from './faces.js';
import type { Speech } from './speech.js';

type Case = ForeignRequest['case'];
type Headers = Readonly<Record<string, string>>;
type Attempt = Pick<ForeignRequest, 'outcome' | 'httpStatus' | 'evidence'>;

/** A rebinding page's name resolves to the candidate, so its port is the candidate's own. */
function variations(port: number): { case: Case; headers: Headers }[] {
  const name = `${FOREIGN_NAME}:${port}`;
  return [
    { case: 'foreign-origin', headers: { origin: `http://${FOREIGN_NAME}` } },
    { case: 'null-origin', headers: { origin: 'null' } },
    { case: 'foreign-host', headers: { host: name } },
    { case: 'rebinding', headers: { host: name, origin: `http://${name}` } },
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
        const name = `${variation.case}/${operation.era}/${operation.name}${face.path}`;
        experiments.push({
          name,
          run: async () => ({
            face: face.path,
            kind: face.kind,
            era: operation.era,
            operation: operation.name,
            case: variation.case,
            authenticated: !speech.withoutToken,
            ...(await operation.try(wire, lab.nameOf(name), face, variation.headers, speech)),
          }),
        });
      }
    }
  }
  return experiments;
}

interface Operation {
  readonly name: ForeignRequest['operation'];
  readonly era: ForeignRequest['era'];
  try(wire: Wire, experiment: string, face: Face, headers: Headers, speech: Speech): Promise<Attempt>;
}

function operationsOf(face: Face, speech: Speech): Operation[] {
  if (face.kind === 'sse') return [{ name: 'stream', era: 'legacy', try: tryDeprecatedStream }];
  if (face.kind === 'messages') return [{ name: 'message', era: 'legacy', try: tryDeprecatedMessage }];
  const legacy: Operation[] = [
    { name: 'initialize', era: 'legacy', try: tryInitialize },
    { name: 'request', era: 'legacy', try: tryRequest },
    { name: 'stream', era: 'legacy', try: tryStream },
  ];
  const modern: Operation[] = [{ name: 'request', era: 'modern', try: tryModernRequest }];
  return [...(speech.legacy === null ? [] : legacy), ...(speech.modern === null ? [] : modern)];
}

async function openSession(wire: Wire, experiment: string, speech: Speech) {
  const connection = await wire.legacy({ experiment });
  const opened = await connection.initialize(speech.legacy);
  if (opened.negotiated === null) {
    await connection.close();
    demandControl(opened.reply, 'a right initialize');
    throw new Untestable('the control failed: a right initialize negotiated no revision');
  }
  await connection.initialized();
  return connection;
}

/** One request as a foreign page would send it, between two right ones on the same connection. */
async function tryBetween(connection: Connection, method: string, headers: Headers): Promise<Attempt> {
  const control = await connection.request(method);
  demandControl(control, `a right ${method}`);
  const reply = await connection.request(method, {}, { headers });
  demandControl(await connection.request(method), `a right ${method} after the attempt`);
  return {
    outcome: outcomeOfReply(reply),
    httpStatus: reply.exchange.answer.status,
    evidence: [control.exchange.id, reply.exchange.id],
  };
}

async function tryInitialize(
  wire: Wire,
  experiment: string,
  _face: Face,
  headers: Headers,
  speech: Speech,
): Promise<Attempt> {
  const control = await openSession(wire, experiment, speech);
  try {
    const attacker = await wire.legacy({ experiment });
    try {
      const { reply } = await attacker.initialize(speech.legacy, { headers });
      demandControl(await control.request('ping'), 'the legitimate client after the attempt');
      return {
        outcome: outcomeOfReply(reply),
        httpStatus: reply.exchange.answer.status,
        evidence: [reply.exchange.id],
      };
    } finally {
      await attacker.close();
    }
  } finally {
    await control.close();
  }
}

async function tryRequest(
  wire: Wire,
  experiment: string,
  _face: Face,
  headers: Headers,
  speech: Speech,
): Promise<Attempt> {
  const connection = await openSession(wire, experiment, speech);
  try {
    return await tryBetween(connection, 'ping', headers);
  } finally {
    await connection.close();
  }
}

async function tryStream(
  wire: Wire,
  experiment: string,
  _face: Face,
  headers: Headers,
  speech: Speech,
): Promise<Attempt> {
  const connection = await openSession(wire, experiment, speech);
  try {
    const stream = await connection.openStream({ headers });
    await stream.close();
    const { exchange } = stream;
    // The specification lets a server offer no stream at all; then there is nothing that a page could read.
    return {
      outcome: outcomeOfStream(exchange),
      httpStatus: exchange.answer.status,
      evidence: [exchange.id],
    };
  } finally {
    await connection.close();
  }
}

async function tryModernRequest(
  wire: Wire,
  experiment: string,
  _face: Face,
  headers: Headers,
  speech: Speech,
): Promise<Attempt> {
  if (speech.modern === null) throw new Untestable('the candidate speaks no modern revision');
  const { version, method } = speech.modern;
  const connection = await wire.modern({ experiment, version });
  try {
    return await tryBetween(connection, method, headers);
  } finally {
    await connection.close();
  }
}

async function tryDeprecatedStream(
  wire: Wire,
  experiment: string,
  face: Face,
  headers: Headers,
): Promise<Attempt> {
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
  return {
    outcome: outcomeOfStream(exchange),
    httpStatus: exchange.answer.status,
    evidence: [control.id, exchange.id],
  };
}

/** The message route answers 202 and the result on the stream, so acceptance is the result on the rightful stream. */
async function tryDeprecatedMessage(
  wire: Wire,
  experiment: string,
  _face: Face,
  headers: Headers,
  speech: Speech,
): Promise<Attempt> {
  if (speech.deprecatedPath === null) throw new Untestable('the deprecated event stream is not offered');
  const connection = await wire.deprecatedSse({ experiment, path: speech.deprecatedPath });
  try {
    const opened = await connection.initialize('2024-11-05');
    if (opened.negotiated === null)
      demandControl(opened.reply, 'a right initialize over the deprecated transport');
    await connection.initialized();
    return await tryBetween(connection, 'ping', headers);
  } finally {
    await connection.close();
  }
}
