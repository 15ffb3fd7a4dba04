/** The outside world of a command: where it stands, what it may read, and where it writes. */
import { inspect } from 'node:util';
import { terminalLines } from '../report/escape.js';

export interface Terminal {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder `dist/`. */
  readonly dist: URL;
  readonly style: { readonly color: boolean; readonly width: number };
  /** Progress is shown only to people. */
  readonly interactive: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** The terminal of this process. Colour follows NO_COLOR and FORCE_COLOR, and whether stdout is a terminal. */
export function processTerminal(dist: URL): Terminal {
  const { env, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', outliveReader);
  process.on('uncaughtException', endUndecided);
  return {
    cwd: process.cwd(),
    env,
    dist,
    style: { color: wantsColor(env, stdout.isTTY === true), width: stdout.columns ?? 100 },
    interactive: stderr.isTTY === true && env['CI'] === undefined,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  };
}

/** Source: no-color.org and force-color.org. */
function wantsColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true;
  return isTerminal;
}

/** `mcp-gate … | head` closes the pipe early; the exit code still has to be the verdict's. */
function outliveReader(cause: NodeJS.ErrnoException): void {
  if (cause.code === 'EPIPE') return;
  // On a full disk nobody can read the verdict, so that nothing may go ahead by it; its files are still tried.
  process.once('exit', neverAllowed);
}

function neverAllowed(code: number): void {
  if (code === 0) process.exitCode = 3;
}

/** Node would end with 1, which says that the server was denied. */
function endUndecided(cause: unknown): void {
  process.stderr.write(`mcp-gate: the gate itself failed: ${terminalLines(inspect(cause), 50).join('\n')}\n`);
  process.exit(3);
}
