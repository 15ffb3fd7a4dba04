/** Turns what was asked into facts, numbers it, and keeps within the bound. */
import type { ElicitationRequest } from '../../facts/elicitation.js';
import { isObject } from '../../wire/message.js';
import { isDeclared } from './declared.js';
import { hashed } from './exchange/bench.js';
import type { Asked, CallRun } from './exchange/run.js';
import { analyseForm } from './form/analyse.js';
import { messageFacts } from './message.js';
import { deviationsOf, expectedOriginOf, modeOf, shapeOf, urlsOf } from './shape.js';
import type { Trigger } from './triggers.js';
import { analyseUrl } from './url/analyse.js';
import { originOf, parsed } from './url/reading.js';

/** Elicitations kept of one run. */
export const KEPT = 1000;
const ORIGIN = 2000;
export class Requests {
  readonly facts: ElicitationRequest[] = [];
  omitted = 0;
  #count = 0;

  /** @param reviewed origins that URLs are compared with */
  constructor(private readonly reviewed: readonly string[]) {}

  /** Takes down what was asked in one call. */
  add(run: CallRun, trigger: Pick<Trigger, 'tool' | 'at'>): void {
    this.omitted += run.omitted;
    for (const asked of run.asked) {
      const urls = urlsOf(asked.params);
      // A request with two URLs is two things a client could open.
      for (const url of urls.length === 0 ? [null] : urls) this.#keep(run, trigger, asked, url);
    }
  }

  #keep(run: CallRun, trigger: Pick<Trigger, 'tool' | 'at'>, asked: Asked, url: string | null): void {
    if (this.facts.length >= KEPT) {
      this.omitted += 1;
      return;
    }
    this.#count += 1;
    this.facts.push(this.#factOf(`e${this.#count}`, run, trigger, asked, url));
  }

  #factOf(
    id: string,
    run: CallRun,
    { tool, at }: Pick<Trigger, 'tool' | 'at'>,
    asked: Asked,
    url: string | null,
  ): ElicitationRequest {
    const params = isObject(asked.params) ? asked.params : {};
    const { mode, sent } = modeOf(asked.params);
    const { declared, era, principal } = run.plan;
    const message = typeof params['message'] === 'string' ? params['message'] : '';
    const elicitationId = typeof params['elicitationId'] === 'string' ? params['elicitationId'] : null;
    const schema = params['requestedSchema'];
    const urlFacts = url === null ? null : analyseUrl(url, this.reviewed);
    return {
      id,
      atMs: asked.at,
      tool,
      at,
      era,
      revision: run.revision,
      principal,
      declared,
      channel: asked.channel,
      callId: asked.callId,
      requestId: asked.requestId,
      taskId: asked.taskId,
      sessionHash: run.sessionHash,
      mode,
      modeSent: sent,
      modeDeclared: isDeclared(declared, mode),
      shape: shapeOf(asked.params, run.revision),
      deviations: [...deviationsOf(asked.params, run.revision)],
      message: messageFacts(message),
      elicitationId:
        elicitationId === null ? null : { hash: hashed(elicitationId), length: elicitationId.length },
      completionNotified: elicitationId === null ? null : run.completed.has(elicitationId),
      url: urlFacts,
      form:
        mode === 'form' || schema !== undefined
          ? analyseForm({ message, requestedSchema: schema, revision: run.revision })
          : null,
      expectedOrigin: expectedOrigin(asked.params, urlFacts?.origin ?? null),
      evidence: [
        ...new Set([...(asked.exchange === null ? [] : [asked.exchange]), ...run.evidence.slice(0, 1)]),
      ],
    };
  }
}

/** What was promised is compared with what the URL says, and never taken for it. */
function expectedOrigin(params: unknown, origin: string | null): ElicitationRequest['expectedOrigin'] {
  const value = expectedOriginOf(params);
  if (value === null) return null;
  return { value: value.slice(0, ORIGIN), agrees: origin !== null && isSpelling(value, origin) };
}

/** The same origin otherwise written: capitals, the default port, a slash at the end, a name in its own letters. */
function isSpelling(value: string, origin: string): boolean {
  const url = parsed(value);
  return url !== null && originOf(url) === origin && url.href === `${origin}/` && !/[@?#\\\s]/.test(value);
}
