/** The Action as the runner starts it: `dist/action.js` under Node 24, inputs and files by environment. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ACTION = fileURLToPath(new URL('../../dist/action.js', import.meta.url));
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: string;
}

export interface Running {
  readonly inputs: Readonly<Record<string, string>>;
  /** The checkout; that of this project when left out. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Payload of the event; `GITHUB_EVENT_NAME` is in `env`. */
  readonly event?: unknown;
}

let runtime: string | null = null;

/** The Action's own runtime, which `npx` brings. It is run by itself: the shell of `npx` would drop inputs with a hyphen. */
function node24(): string {
  if (process.version.startsWith('v24.')) return process.execPath;
  runtime ??= execFileSync('npx', ['-y', '-p', 'node@24', 'node', '-p', 'process.execPath'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  return runtime;
}

export async function runAction({ inputs, cwd = ROOT, env = {}, event }: Running): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-action-'));
  const file = (name: string): string => join(folder, name);
  await Promise.all(['summary', 'outputs'].map((name) => writeFile(file(name), '')));
  await writeFile(file('event.json'), JSON.stringify(event ?? {}));
  const child = spawn(node24(), [ACTION], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      npm_config_update_notifier: 'false',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: cwd,
      GITHUB_EVENT_PATH: file('event.json'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_OUTPUT: file('outputs'),
      RUNNER_TEMP: folder,
      ...env,
      ...Object.fromEntries(
        Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
      ),
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const [summary, outputs] = await Promise.all([
    readFile(file('summary'), 'utf8'),
    readFile(file('outputs'), 'utf8'),
  ]);
  await rm(folder, { recursive: true, force: true });
  return { code, log, summary, outputs };
}

/** The outputs file has a delimiter for each value. */
export function outputOf(outputs: string, name: string): string | undefined {
  return new RegExp(`^${name}<<(\\S+)\\r?\\n([\\s\\S]*?)\\r?\\n\\1`, 'm').exec(outputs)?.[2];
}

/** The workflow commands of a log that annotate: level, file, line and title. */
export function annotationsIn(log: string): string[] {
  return [...log.matchAll(/^::(error|warning|notice) ([^:]*)::/gm)].map(([, level, properties = '']) => {
    const of = new Map(properties.split(',').map((one) => one.split('=') as [string, string]));
    return `${level} ${of.get('file') ?? '-'}:${of.get('line') ?? '-'} ${of.get('title') ?? ''}`;
  });
}
