/** Asks for every revision a client could ask for, each on a connection of its own. Specification: 2025-11-25 basic/lifecycle, "Version Negotiation". */
import type { InitializeAttempt } from '../../facts/protocol.js';
import { isKnownRevision, LEGACY_REVISIONS, MODERN_REVISIONS } from '../../facts/revisions.js';
import type { Reply } from '../../wire/exchange.js';
import { validateMessage } from '../../wire/validate.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import {
  absence,
  answeredVersion,
  capabilityNames,
  refusesCaller,
  serverInfo,
  supportedInError,
} from './reading.js';

/** Dates that no revision will ever bear: before the protocol existed, and long after. */
export const NEVER_PUBLISHED = ['1999-01-01', '2099-12-31'] as const;

export interface InitializeAnswer {
  readonly attempt: InitializeAttempt;
  readonly reply: Reply;
}

interface Question {
  readonly case: InitializeAttempt['case'];
  readonly requested: string | number | null;
}

const QUESTIONS: readonly Question[] = [
  ...LEGACY_REVISIONS.map((revision): Question => ({ case: 'known', requested: revision })),
  ...MODERN_REVISIONS.map((revision): Question => ({ case: 'modern', requested: revision })),
  ...NEVER_PUBLISHED.map((revision): Question => ({ case: 'unknown', requested: revision })),
  { case: 'empty', requested: '' },
  { case: 'number', requested: 20251125 },
  { case: 'absent', requested: null },
];

/** One experiment for each question; the newest legacy revision last asked is the control for all others. */
export function initializeExperiments(wire: Wire, lab: Lab): Experiment<InitializeAnswer>[] {
  return QUESTIONS.map((question) => {
    const name = `initialize/${question.case === 'absent' ? 'absent' : question.requested === '' ? 'empty' : question.requested}`;
    return { name, run: () => ask(wire, lab.nameOf(name), question) };
  });
}

async function ask(wire: Wire, experiment: string, question: Question): Promise<InitializeAnswer> {
  const connection = await wire.legacy({ experiment });
  try {
    const version = question.case === 'absent' ? undefined : question.requested;
    const { reply, sessionId } = await connection.initialize(version);
    const refusal = refusesCaller(reply);
    if (refusal !== null) throw new Untestable(refusal);
    return { attempt: describe(question, reply, sessionId !== null), reply };
  } finally {
    await connection.close();
  }
}

function describe(question: Question, reply: Reply, sessionIssued: boolean): InitializeAttempt {
  const answered = answeredVersion(reply);
  const result = reply.kind === 'result' ? reply.result : null;
  const info = serverInfo(result);
  return {
    case: question.case,
    requested: question.requested,
    outcome: outcomeOf(question, reply),
    answered,
    known: answered !== null && isKnownRevision(answered),
    httpStatus: reply.exchange.answer.status,
    errorCode: reply.kind === 'error' ? reply.code : null,
    supported: supportedInError(reply),
    sessionIssued,
    capabilities: capabilityNames(result),
    serverName: info.name,
    serverVersion: info.version,
    durationMs: reply.exchange.durationMs,
    evidence: [reply.exchange.id],
  };
}

function outcomeOf(question: Question, reply: Reply): InitializeAttempt['outcome'] {
  switch (reply.kind) {
    case 'error':
      return 'error';
    case 'http':
      return 'http-error';
    case 'malformed':
      return 'malformed';
    case 'none':
      return absence(reply.ending);
    case 'result': {
      const answered = answeredVersion(reply);
      if (answered === null || validateMessage(answered, 'InitializeResult', reply.result).length > 0)
        return 'malformed';
      return answered === question.requested ? 'same' : 'counter-offer';
    }
  }
}
