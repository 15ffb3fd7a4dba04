/** Makes the part of a plan that is started or reached: variables known now filled in, folders and addresses checked. */
import { stat } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import type { CommandRun, UrlRun } from './plan.js';
import { lookUp, toPointer } from './pointer.js';
import { type Complain, describe, quote } from './problem.js';
import { entriesAt, has, textAt, textsAt } from './raw.js';
import { reason } from './source.js';
import { splitTemplate } from './templates.js';
import { type Dialect, fillKnown } from './variables.js';

/** What a run is made from. `inCommand` and `fixed` are the same format's variables, in the two places they can stand. */
export interface RunSource {
  readonly raw: unknown;
  /** Absolute; relative paths start here. */
  readonly folder: string;
  /** For command and env, which are filled again when the candidate starts. */
  readonly inCommand: Dialect;
  /** For what has to be final now: url, headers, cwd. */
  readonly fixed: Dialect;
  readonly complain: Complain;
  /** Receives every value that came from the environment. */
  readonly keepSecret: (value: string) => void;
}

/** The run, or null when it cannot be made; what is missing has been reported or is reported by the schema. */
export async function planRun(source: RunSource): Promise<CommandRun | UrlRun | null> {
  const url = has(source.raw, '/spec/run/url') ? planUrl(source) : null;
  const command = has(source.raw, '/spec/run/command') ? await planCommand(source) : null;
  return url ?? command;
}

async function planCommand(source: RunSource): Promise<CommandRun | null> {
  const { raw, inCommand } = source;
  const [program, ...rest] = textsAt(raw, '/spec/run/command').map(([index, text]) =>
    fill(source, `/spec/run/command/${index}`, text, inCommand),
  );
  const env = entriesAt(raw, '/spec/run/env').map(([name, text]) => {
    return [name, fill(source, toPointer(['spec', 'run', 'env', name]), text, inCommand)] as const;
  });
  const cwd = await planFolder(source);
  if (program === undefined || cwd === null) return null;
  if (program === '') {
    source.complain('/spec/run/command/0', 'value', 'the program has no name', {
      expected: 'a non-empty string',
    });
    return null;
  }
  const passEnv = textsAt(raw, '/spec/run/passEnv').map(([, name]) => name);
  return { kind: 'command', command: [program, ...rest], cwd, env: Object.fromEntries(env), passEnv };
}

async function planFolder(source: RunSource): Promise<string | null> {
  const text = textAt(source.raw, '/spec/run/cwd');
  if (text === null) return source.folder;
  const folder = resolve(source.folder, plain(fill(source, '/spec/run/cwd', text, source.fixed)));
  const wrong = await whatIsWrongWith(folder, 'folder');
  if (wrong === null) return folder;
  source.complain('/spec/run/cwd', 'value', `the folder cannot be used: ${wrong}`, {
    expected: 'a folder',
    seen: describe(text),
  });
  return null;
}

function planUrl(source: RunSource): UrlRun | null {
  const { raw, fixed, complain } = source;
  const at = '/spec/run/url';
  const headers = entriesAt(raw, '/spec/run/headers').map(([name, text]) => {
    const pointer = toPointer(['spec', 'run', 'headers', name]);
    const value = plain(fill(source, pointer, text, fixed));
    if (/[\0\r\n]/.test(value) && !/[\0\r\n]/.test(text)) {
      complain(pointer, 'value', 'the value from the environment is not one line', {
        expected: 'text on one line',
      });
    }
    return [name, value] as const;
  });
  const text = textAt(raw, at);
  if (text === null) return null;
  const filled = fill(source, at, text, fixed);
  if (splitTemplate(filled).some((part) => part.kind !== 'text')) return null;
  const url = URL.canParse(plain(filled)) ? new URL(plain(filled)) : null;
  const usable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!usable) {
    complain(at, 'value', 'not a usable address', { expected: 'an http or https URL without user name' });
    return null;
  }
  const remote = lookUp(raw, '/spec/run/remote') === true;
  if (!remote && !isLoopback(url.hostname)) {
    complain(at, 'value', 'the gate talks to this machine only', {
      expected: 'localhost, 127.0.0.1 or [::1]',
      seen: `the host ${quote(url.hostname)}`,
      suggestion: 'set spec.run.remote: true in an mcp-gate manifest if the deployment is yours to attack',
    });
  }
  return { kind: 'url', url: url.href, headers: Object.fromEntries(headers), remote };
}

/** Fills what is known and reports what cannot be. */
function fill(source: RunSource, pointer: string, text: string, dialect: Dialect): string {
  const filled = fillKnown(text, dialect);
  for (const secret of filled.secrets) source.keepSecret(secret);
  for (const { message, hints } of filled.refusals) source.complain(pointer, 'value', message, hints);
  return filled.text;
}

/** Undoes the escaping of a template that has no variable left. */
function plain(template: string): string {
  return splitTemplate(template)
    .map((part) => (part.kind === 'text' ? part.text : ''))
    .join('');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** Why a path is not the file or folder it should be, or null. */
export async function whatIsWrongWith(path: string, kind: 'file' | 'folder'): Promise<string | null> {
  try {
    const status = await stat(path);
    const right = kind === 'file' ? status.isFile() : status.isDirectory();
    return right ? null : `it is not a ${kind}`;
  } catch (cause: unknown) {
    return reason(cause);
  }
}
