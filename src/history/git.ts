/** The one way to git: read-only, without hooks, configuration of the checkout that could run something, or the network. */
import { execFile } from 'node:child_process';

/** What may be said about a file's history: nothing larger than this is policy. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** Git could not answer. The message is for people. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

export interface Git {
  /** Standard output of a git command. @throws HistoryError */
  run(...args: readonly string[]): Promise<string>;
  /** The same as bytes. @throws HistoryError */
  bytes(...args: readonly string[]): Promise<Buffer>;
  /** The same, or null when git says no. */
  ask(...args: readonly string[]): Promise<string | null>;
}

/** Settings that keep a hostile checkout from running anything: no hooks, no filters by fsmonitor, no lazy fetches. */
const QUIET = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'protocol.allow=never'];

/**
 * Git in a folder.
 * @param env of the runner; of it, only what finds git and its configuration of the machine is passed on
 */
export function gitIn(cwd: string, env: NodeJS.ProcessEnv): Git {
  const bytes = (...args: readonly string[]): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      execFile(
        'git',
        ['--no-replace-objects', '--literal-pathspecs', ...QUIET, ...args],
        { cwd, env: environment(env), encoding: 'buffer', maxBuffer: OUTPUT_LIMIT, timeout: TIMEOUT_MS },
        (failure, stdout, stderr) => {
          if (failure === null) resolve(stdout);
          else reject(new HistoryError(reasonOf(failure, stderr.toString('utf8'))));
        },
      );
    });
  const run = async (...args: readonly string[]): Promise<string> => (await bytes(...args)).toString('utf8');
  return {
    bytes,
    run,
    ask: async (...args) => {
      try {
        return (await run(...args)).trim();
      } catch (cause: unknown) {
        if (cause instanceof HistoryError) return null;
        throw cause;
      }
    },
  };
}

function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'USERPROFILE', 'SYSTEMROOT', 'PATHEXT', 'XDG_CONFIG_HOME', 'TMPDIR', 'TEMP'];
  const passed = Object.fromEntries(
    kept.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  return {
    ...passed,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
}

function reasonOf(failure: Error & { code?: unknown }, stderr: string): string {
  if (failure.code === 'ENOENT') return 'git is not on this machine; it is needed to read another commit.';
  const [line = ''] = stderr.split('\n');
  if (stderr.includes('dubious ownership'))
    return 'git does not trust this folder, because it belongs to another user. Run "git config --global --add safe.directory <folder>" before the gate.';
  return line.trim() === '' ? failure.message : line.trim();
}
