/** The compiler's module: found, unpacked, started, and asked in JSON. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress, brotliDecompressSync } from 'node:zlib';
import { inBaseline } from './baseline.js';
import { Exited, Wasi } from './wasi.js';

/** Started, it answers synchronously as often as it is asked; once it has broken, it must not be asked again. */
export interface Reactor {
  /**
   * Throws whatever went wrong; never returns half an answer.
   * @param now the time for this one question, where it is not the one it was started with
   */
  ask(operation: string, given: unknown, now?: Date): unknown;
}

export function loadNow(artefact: URL | string): WebAssembly.Module {
  const bytes = brotliDecompressSync(readFileSync(artefact));
  return inBaseline(() => new WebAssembly.Module(bytes));
}

/** The same, unpacked off this thread. Compiled on it, because an asynchronous compile outlives the baseline switch. */
export async function load(artefact: URL | string): Promise<WebAssembly.Module> {
  const bytes = await promisify(brotliDecompress)(await readFile(artefact));
  return inBaseline(() => new WebAssembly.Module(bytes));
}

export function start(module: WebAssembly.Module, startedAt: Date): Reactor {
  const wasi = new Wasi(startedAt);
  const instance = inBaseline(
    () => new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.imports }),
  );
  const { memory, initialize, reserve, answer, replyAt } = exported(instance.exports);
  wasi.attach(memory);
  explained(wasi, initialize);

  return {
    ask(operation, given, now = startedAt) {
      wasi.now = now;
      const request = Buffer.from(JSON.stringify({ operation, arguments: given }));
      return explained(wasi, () => {
        const at = reserve(request.length) >>> 0;
        new Uint8Array(memory.buffer, at, request.length).set(request);
        const length = answer(request.length) >>> 0;
        return JSON.parse(Buffer.from(memory.buffer, replyAt() >>> 0, length).toString('utf8')) as unknown;
      });
    },
  };
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly initialize: () => void;
  readonly reserve: (size: number) => number;
  readonly answer: (size: number) => number;
  readonly replyAt: () => number;
}

function exported(from: Readonly<Record<string, unknown>>): Exports {
  const { memory, _initialize: initialize, reserve, answer, replyAt } = from;
  return { memory, initialize, reserve, answer, replyAt } as Exports;
}

/** An exit says nothing; what was written to stderr before it says why. */
function explained<T>(wasi: Wasi, work: () => T): T {
  try {
    return inBaseline(work);
  } catch (cause) {
    if (!(cause instanceof Exited)) throw cause;
    throw new Error(wasi.complaint.trim() || `the compiler ended itself with exit code ${cause.code}`);
  }
}
