/** Shows where a run stands while it stands there, to people only. */
import type { Progress } from '../gate.js';
import { terminal as visible } from '../report/escape.js';
import type { Terminal } from './terminal.js';

const STAGES: Readonly<Record<string, string>> = { start: 'starting the candidate', judged: 'judged' };

/** Runs `work`, with a spinner on stderr when somebody watches. What `work` throws passes through. */
export async function withProgress<T>(
  terminal: Terminal,
  work: (onProgress: (event: Progress) => void) => Promise<T>,
): Promise<T> {
  if (!terminal.interactive) return work(() => undefined);
  const { Listr } = await import('listr2');
  let result: { readonly value: T } | null = null;
  const list = new Listr(
    [
      {
        title: 'Gating',
        task: async (_context, task) => {
          const value = await work(({ server, stage }) => {
            task.title = `${visible(server)}: ${STAGES[stage] ?? `probing ${stage}`}`;
          });
          result = { value };
        },
      },
    ],
    { fallbackRenderer: 'silent', rendererOptions: { clearOutput: true }, registerSignalListeners: false },
  );
  await list.run();
  if (result === null) throw new Error('the run ended without a result');
  return (result as { readonly value: T }).value;
}
