/** What the candidate's channel lets through beside its protocol. It runs last, because it ends with stopping the candidate. */
import type { Shutdown } from '../../candidate/candidate.js';
import type { TransportFacts } from '../../facts/transport.js';
import { ANONYMOUS, type Wire } from '../../wire/wire.js';
import type { Lab } from '../lab.js';
import type { Probe, ProbeContext } from '../probe.js';
import { corsExperiments, crossSiteExperiments } from './crossSite.js';
import { type Face, facesExperiment } from './faces.js';
import { foreignExperiments } from './foreign.js';
import { batchExperiment, resumptionExperiment } from './messages.js';
import { describeShutdown, listenersExperiment, sigtermExperiment, stdioExperiment } from './process.js';
import { type Speech, speechExperiment } from './speech.js';

type Http = NonNullable<TransportFacts['http']>;

export const transportProbe: Probe<TransportFacts> = {
  id: 'transport',
  budgetMs: 180_000,

  async run(context, lab) {
    const { wire, candidate } = context;
    const speech = await lab.run(speechExperiment(wire, lab));
    const legacy = speech?.legacy ?? null;
    const batches = legacy === null ? [] : [await lab.run(batchExperiment(wire, lab, legacy))];
    const shutdowns: Shutdown[] = [];
    const stdio =
      wire.transport === 'stdio' && speech !== null ? await watchStdio(wire, lab, speech, shutdowns) : null;
    const http =
      wire.transport !== 'stdio' && speech !== null ? await attackHttp(context, lab, speech) : null;
    const crashes = crashesOf(context);
    const ended = await candidate.dispose();
    if (ended !== null && wire.transport !== 'stdio') shutdowns.push(ended);
    return {
      kind: 'facts',
      facts: {
        type: wire.transport,
        http,
        stdio,
        batches: present(batches),
        shutdown: candidate.kind === 'url' ? null : describeShutdown(shutdowns),
        crashes,
      },
    };
  },
};

async function watchStdio(
  wire: Wire,
  lab: Lab,
  speech: Speech,
  shutdowns: Shutdown[],
): Promise<TransportFacts['stdio']> {
  const [atEof, onSigterm] = await Promise.all([
    lab.run(stdioExperiment(wire, lab, speech)),
    lab.run(sigtermExperiment(wire, lab, speech)),
  ]);
  if (onSigterm !== null) shutdowns.push(onSigterm);
  if (atEof === null) return null;
  shutdowns.push(atEof.shutdown);
  return { noise: atEof.noise, exitOnEof: atEof.exitOnEof };
}

async function attackHttp({ wire: own, candidate }: ProbeContext, lab: Lab, speech: Speech): Promise<Http> {
  const wire = speech.withoutToken ? own.as(ANONYMOUS) : own;
  const listeners = candidate.kind === 'url' ? null : await lab.run(listenersExperiment(candidate));
  const found = await lab.run(facesExperiment(wire, lab));
  const faces: readonly Face[] = found?.faces ?? [];
  const deprecated = found?.deprecatedSse ?? { offered: false, path: null, evidence: [] };
  const streamable = wire.transport === 'streamable-http' && speech.legacy !== null;
  const resumption = streamable ? await lab.run(resumptionExperiment(wire, lab, speech.legacy)) : null;
  const spoken: Speech = { ...speech, deprecatedPath: deprecated.path };
  const origin = candidate.origin;
  const foreign = origin === null ? [] : foreignExperiments(wire, lab, faces, spoken, origin.port);
  return {
    host: origin?.host ?? '',
    path: wire.path,
    servesWithoutToken: speech.withoutToken,
    faces: [...faces],
    deprecatedSse: deprecated,
    listeners,
    resumption,
    cors: present(await lab.runInTurn(corsExperiments(wire, lab, faces, speech))),
    crossSitePosts: present(await lab.runInTurn(crossSiteExperiments(wire, lab, faces, spoken))),
    foreignRequests: present(await lab.runInTurn(foreign)),
  };
}

/** Deaths the wire saw, and one at the very end that no later request could have noticed. */
function crashesOf({ wire, candidate }: ProbeContext): TransportFacts['crashes'] {
  const seen = wire.crashes().map(({ experiment, afterExchange, exitCode, signal }) => ({
    experiment,
    afterExchange,
    exitCode,
    signal,
    evidence: afterExchange === null ? [] : [afterExchange],
  }));
  const exit = candidate.process?.exitStatus ?? null;
  const unseen = exit !== null && candidate.exits.filter((one) => !one.requested).length > seen.length;
  if (!unseen) return seen;
  const last = wire.transcript.all().at(-1);
  const final = {
    experiment: last?.experiment ?? '',
    afterExchange: last?.id ?? null,
    exitCode: exit.code,
    signal: exit.signal,
  };
  return [...seen, { ...final, evidence: last === undefined ? [] : [last.id] }];
}

function present<T>(results: readonly (T | null)[]): T[] {
  return results.filter((result): result is T => result !== null);
}
