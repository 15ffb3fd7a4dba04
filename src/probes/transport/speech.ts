/** Finds out what can be spoken with the candidate, so that every attack has a control it can rely on. */
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../../facts/revisions.js';
import { ANONYMOUS, type Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { demandRate } from './attempt.js';

/** The revisions to speak, and a method the candidate answers in the modern era. */
export interface Speech {
  readonly legacy: string | null;
  /** Event stream of the deprecated transport, where one is offered. */
  readonly deprecatedPath: string | null;
  readonly modern: { readonly version: string; readonly method: string } | null;
  /** A request without any token got a result; then attacks carry none either, because a page of another site has none. */
  readonly withoutToken: boolean;
}

const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1] ?? '2025-11-25';
const NEWEST_MODERN = MODERN_REVISIONS[MODERN_REVISIONS.length - 1] ?? '2026-07-28';

/** A server without discovery may still speak the modern era. */
const MODERN_QUESTIONS = ['server/discover', 'tools/list', 'resources/list', 'prompts/list'] as const;

/** Tries as nobody first, then as the legitimate user. */
export function speechExperiment(wire: Wire, lab: Lab): Experiment<Speech> {
  const name = 'control';
  const experiment = lab.nameOf(name);
  return {
    name,
    run: async () => {
      const open = await speak(wire.as(ANONYMOUS), experiment);
      if (open !== null) return { ...open, withoutToken: true };
      const guarded = await speak(wire, experiment);
      if (guarded !== null) return { ...guarded, withoutToken: false };
      throw new Untestable('neither a right initialize nor a right request of the modern era got a result');
    },
  };
}

async function speak(wire: Wire, experiment: string): Promise<Omit<Speech, 'withoutToken'> | null> {
  const legacy = await speakLegacy(wire, experiment);
  const modern = wire.transport === 'sse' ? null : await speakModern(wire, experiment);
  return legacy === null && modern === null ? null : { legacy, modern, deprecatedPath: null };
}

/** The revision of a session in which a request is answered too: some servers guard requests but not the handshake. */
async function speakLegacy(wire: Wire, experiment: string): Promise<string | null> {
  const connection = await wire.legacy({ experiment });
  try {
    const { reply, negotiated } = await connection.initialize(NEWEST_LEGACY);
    demandRate(reply.exchange);
    if (negotiated === null) return null;
    await connection.initialized();
    const answer = await connection.request('ping');
    demandRate(answer.exchange);
    return answer.kind === 'result' ? negotiated : null;
  } finally {
    await connection.close();
  }
}

async function speakModern(wire: Wire, experiment: string): Promise<Speech['modern']> {
  const connection = await wire.modern({ experiment, version: NEWEST_MODERN });
  try {
    for (const method of MODERN_QUESTIONS) {
      const reply = await connection.request(method);
      demandRate(reply.exchange);
      const modern =
        reply.kind === 'result' &&
        typeof reply.result === 'object' &&
        reply.result !== null &&
        'resultType' in reply.result;
      if (modern) return { version: NEWEST_MODERN, method };
      if (reply.kind === 'none') return null;
    }
    return null;
  } finally {
    await connection.close();
  }
}
