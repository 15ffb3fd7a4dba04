/** The environment a candidate gets: almost nothing of the runner's, so that a secret cannot leak by default. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import type { CommandRun } from '../manifest/plan.js';
import { reservation } from '../manifest/variables.js';

/** Set in every process the gate starts, and inherited by its children: the first trace by which they are found. */
export const markerName = 'MCP_GATE_RUN';

type Runner = Readonly<Record<string, string | undefined>>;

const locale = /^(PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

/** Windows programs do not start without most of these; none of them is a secret. */
const windows =
  /^(PATH|PATHEXT|SystemRoot|SystemDrive|windir|ComSpec|OS|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|ProgramFiles|ProgramFiles\(x86\)|ProgramW6432|ProgramData|CommonProgramFiles|LANG|LC_[A-Z]+|TZ)$/i;

/** Programs that download what they run; with a fresh HOME and no cache they would do so every single time. */
const npmLaunchers = new Set(['npm', 'npx', 'npm.cmd', 'npx.cmd']);

/** Why `passEnv` may not name a variable; null when it may. */
export function whyNotPassed(name: string): string | null {
  const reserved = reservation(name);
  if (reserved === 'runner') {
    return `passEnv must not name ${name}: variables of the runner (GITHUB_*, ACTIONS_*, INPUT_*, RUNNER_*, MCP_GATE_*) never reach a candidate; give the value another name in the workflow, or fill it in with run.env`;
  }
  if (reserved === 'credential') {
    return `passEnv must not name ${name}: it holds a credential of the job, not of the candidate; give the candidate one of its own under another name`;
  }
  return null;
}

/** Names in `passEnv` that the runner does not have: the likely reason why a candidate does not start. */
export function missingVariables(run: CommandRun, runner: Runner): readonly string[] {
  return run.passEnv.filter((name) => runner[name] === undefined);
}

/**
 * PATH, locale, a HOME and temporary folder of its own, what `passEnv` names, what `env` sets (already filled in), the
 * marker. `npm_config_cache` is added for npm and npx alone: it points to downloaded packages, and to no credentials,
 * which npm keeps in `.npmrc`.
 */
export function candidateEnvironment(from: {
  readonly run: CommandRun;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly marker: string;
  readonly runner: Runner;
}): Record<string, string> {
  const { run, env, home, marker, runner } = from;
  const onWindows = process.platform === 'win32';
  const inherited = onWindows ? windows : locale;
  const temporary = join(home, 'tmp');
  const own: Record<string, string> = onWindows
    ? {
        HOME: home,
        USERPROFILE: home,
        APPDATA: join(home, 'AppData', 'Roaming'),
        LOCALAPPDATA: join(home, 'AppData', 'Local'),
        TEMP: temporary,
        TMP: temporary,
      }
    : { HOME: home, TMPDIR: temporary };

  // The marker comes first, so that it is within the first bytes of /proc/<pid>/environ.
  const result: Record<string, string> = { [markerName]: marker };
  copy(runner, result, (name) => inherited.test(name));
  Object.assign(result, own, npmCache(run, runner));
  copy(runner, result, (name) => run.passEnv.includes(name));
  Object.assign(result, env);
  result[markerName] = marker;
  return result;
}

function copy(runner: Runner, into: Record<string, string>, wanted: (name: string) => boolean): void {
  for (const [name, value] of Object.entries(runner)) {
    if (value !== undefined && wanted(name)) into[name] = value;
  }
}

function npmCache(run: CommandRun, runner: Runner): Record<string, string> {
  if (!npmLaunchers.has(basename(run.command[0]))) return {};
  const usual =
    process.platform === 'win32' ? join(homedir(), 'AppData', 'Local', 'npm-cache') : join(homedir(), '.npm');
  const cache = runner['npm_config_cache'] ?? usual;
  return existsSync(cache) ? { npm_config_cache: cache } : {};
}
