/** Plans and a hello for tests of this folder, and ways to see whether a process is there. */
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hello, HelloOutcome } from '../../src/candidate/candidate.js';
import type { CommandRun, ServerPlan, TransportType, UrlRun } from '../../src/manifest/plan.js';

export { portPlaceholder as PORT } from '../../src/candidate/substitute.js';

const here = dirname(fileURLToPath(import.meta.url));

export function fixture(name: string): string {
  return join(here, 'fixtures', name);
}

interface Details {
  readonly type?: TransportType;
  readonly host?: string | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly passEnv?: readonly string[];
  readonly cwd?: string;
}

/** A plan that runs a command; Streamable HTTP unless the details say otherwise. */
export function plan(command: readonly [string, ...string[]], details: Details = {}): ServerPlan {
  const { type = 'streamable-http', host = null, env = {}, passEnv = [], cwd = here } = details;
  return planOf({ kind: 'command', command, cwd, env, passEnv }, type, host);
}

export function planForUrl(url: string): ServerPlan {
  return planOf({ kind: 'url', url, headers: {}, remote: false }, 'streamable-http', null);
}

function planOf(run: CommandRun | UrlRun, type: TransportType, host: string | null): ServerPlan {
  return {
    name: 'fixture',
    labels: {},
    manifest: 'mcp-gate.yaml',
    run,
    transport: { type, path: '/', host },
    authorization: { provider: 'none', scopes: [], issuers: [], tokens: new Map(), clients: [] },
    exercise: [],
    handles: [],
    whoami: null,
    secrets: [],
    declares: { protocolVersions: [], capabilities: [], elicitationOrigins: [] },
    serverJson: null,
    lock: null,
    sbom: null,
    registryName: null,
    document: {},
    locate: () => ({ file: 'mcp-gate.yaml', line: 1, column: 1 }),
  };
}

/** 200 is accepted, 403 refuses the host. */
export const hello: Hello = async (origin, signal) => {
  const answer = await get(`${origin.protocol}//${origin.host}:${origin.port}/`, signal);
  const outcomes: Readonly<Record<string, HelloOutcome>> = {
    '200': 'accepted',
    '403': 'host-refused',
    null: 'no-answer',
  };
  return outcomes[String(answer.status)] ?? 'answered';
};

/** A GET that never rejects; status null when nothing came back. */
export async function get(
  url: string,
  signal?: AbortSignal,
): Promise<{ readonly status: number | null; readonly body: string; readonly pid: number | null }> {
  return new Promise((resolve) => {
    const failed = () => resolve({ status: null, body: '', pid: null });
    const sent = request(url, { agent: false, ...(signal === undefined ? {} : { signal }) }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('error', failed);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? null, body, pid: Number(response.headers['x-pid']) });
      });
    });
    sent.on('error', failed);
    sent.end();
  });
}

/** Alive, and no zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits for a condition that must come true. */
export async function eventually(what: string, condition: () => boolean, withinMs = 20_000): Promise<void> {
  const until = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > until) throw new Error(`expected within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The number a fixture wrote into a file. */
export async function pidIn(file: string): Promise<number> {
  await eventually(`${file} exists`, () => existsSync(file));
  return Number(readFileSync(file, 'utf8'));
}
