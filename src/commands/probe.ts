/** `mcp-gate probe`: the facts of a manifest on stdout, without any policy. */
import { readPlan } from '../manifest/read.js';
import { examine } from '../probes/examine.js';
import { json } from '../report/escape.js';
import { VERSION } from '../version.js';
import { withProgress } from './progress.js';
import type { Terminal } from './terminal.js';

/** Exit code 0 when every candidate could be examined, else 3. Facts are written either way. */
export async function probe(manifest: string, signal: AbortSignal, terminal: Terminal): Promise<number> {
  const plan = await readPlan([manifest], { cwd: terminal.cwd, env: terminal.env });
  const startedAt = new Date();
  const all = await withProgress(terminal, async (onProgress) => {
    const facts = [];
    for (const server of plan.servers) {
      const onStage = (stage: string): void => onProgress({ server: server.name, stage });
      const examination = await examine(server, {
        version: VERSION,
        startedAt,
        signal,
        env: terminal.env,
        onStage,
      });
      facts.push(examination.facts);
    }
    return facts;
  });
  // Part of this is the candidate's own text, and a job log would read it for commands.
  terminal.out(`${json(JSON.stringify(all.length === 1 ? all[0] : all, null, 2))}\n`);
  return all.every((facts) => facts.candidate.started) ? 0 : 3;
}
