/** Reads manifest files from disk within limits and hands their documents on, or says why a file cannot be one. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { looksLikeJson, plainJson } from './jsonc.js';
import type { Problem } from './problem.js';
import { type ParsedText, parseYaml, type SourceDocument } from './yaml-tree.js';

/** Bytes. The largest manifest that makes sense is a hundred times smaller; parsing more takes seconds. */
export const MAX_FILE_BYTES = 256 * 1024;

/** `O_NONBLOCK` is missing on Windows, where there are no FIFOs to wait for. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A problem of a whole file. */
export type Refusal = Omit<Problem, 'file' | 'line' | 'column'>;

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the working directory, with forward slashes. */
  readonly file: string;
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
}

/** Reads and parses one file. Everything that goes wrong is a problem in the answer; never throws. */
export async function readSource(path: string, cwd: string): Promise<SourceFile> {
  const absolute = resolve(cwd, path);
  const file = nameOf(absolute, cwd);
  const read = await readTextFile(absolute);
  if ('message' in read) return failed(absolute, file, read);
  const parsed = parse(file, read.text);
  if (parsed.documents.length > 0 || parsed.problems.length > 0) return { path: absolute, file, ...parsed };
  return failed(absolute, file, { message: 'the file is empty', expected: 'a manifest or an mcp.json' });
}

function failed(path: string, file: string, what: Refusal): SourceFile {
  return { path, file, documents: [], problems: [{ file, line: 1, column: 1, ...what }] };
}

function nameOf(absolute: string, cwd: string): string {
  const name = relative(cwd, absolute);
  return isAbsolute(name) ? absolute : name.split(sep).join('/');
}

function parse(file: string, text: string): ParsedText {
  return parseYaml(looksLikeJson(file, text) ? plainJson(text) : text, file);
}

/** The text of a regular UTF-8 file within the cap, or why there is none. Never throws. */
export async function readTextFile(path: string): Promise<{ readonly text: string } | Refusal> {
  try {
    // Opening a FIFO would wait for its writer, for ever if there is none.
    const handle = await open(path, READ_WITHOUT_WAITING);
    try {
      const status = await handle.stat();
      if (!status.isFile()) return { message: 'not a regular file', expected: 'a manifest or an mcp.json' };
      const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
        length += bytesRead;
        if (bytesRead === 0 || length === buffer.length) break;
      }
      if (length > MAX_FILE_BYTES) return { message: `larger than ${MAX_FILE_BYTES / 1024} KiB` };
      return decode(buffer.subarray(0, length));
    } finally {
      await handle.close();
    }
  } catch (cause: unknown) {
    return {
      message: `cannot be read: ${reason(cause)}`,
      suggestion: 'check the path; it is relative to the working directory',
    };
  }
}

function decode(bytes: Uint8Array): { readonly text: string } | Refusal {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { message: 'not UTF-8 text', suggestion: 'save the file as UTF-8' };
  }
}

/** A system error in words that do not repeat the path. */
export function reason(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied';
  if (code === 'ELOOP') return 'its links go round in a circle';
  return typeof code === 'string' ? code : 'unknown reason';
}
