/**
 * The system a compiler in a box needs: a clock, random bytes, and somewhere to complain.
 *
 * `node:wasi` would do, but it prints an ExperimentalWarning on every version we support, and it can open files.
 * Here there is no file, directory, argument or variable to reach: what is not answered below says ENOSYS. The
 * clock stands still and the random bytes are always the same, so the same sources give the same policy.
 */

const SUCCESS = 0;
const EBADF = 8;
const ENOSYS = 52;

const REALTIME = 0;
const STDERR = 2;
const COMPLAINT_LIMIT = 16_384;

/** Thrown out of the module when it ends itself, which a reactor never should. */
export class Exited {
  constructor(readonly code: number) {}
}

/** The names Go's runtime and standard library import; a newer Go that wants more will not instantiate. */
const UNANSWERED = [
  'fd_fdstat_set_flags',
  'fd_filestat_get',
  'fd_read',
  'fd_readdir',
  'fd_seek',
  'path_filestat_get',
  'path_open',
  'path_readlink',
] as const;

export class Wasi {
  #memory: WebAssembly.Memory | null = null;
  #complaint = '';
  #now: bigint;

  constructor(now: Date) {
    this.#now = nanoseconds(now);
  }

  /** Sets the wall clock, which stands still until the next setting. */
  set now(now: Date) {
    this.#now = nanoseconds(now);
  }

  /** Gives the system its memory, which exists only once the module does. */
  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** What the module wrote on its way down. */
  get complaint(): string {
    return this.#complaint;
  }

  get imports(): Readonly<Record<string, unknown>> {
    const none = (count: number, size: number): number => this.#zero(count, size);
    return {
      ...Object.fromEntries(UNANSWERED.map((name) => [name, () => ENOSYS])),
      args_get: () => SUCCESS,
      args_sizes_get: none,
      environ_get: () => SUCCESS,
      environ_sizes_get: none,
      clock_time_get: (clock: number, _precision: bigint, at: number) => this.#clock(clock, at),
      random_get: (at: number, length: number) => this.#random(at, length),
      sched_yield: () => SUCCESS,
      poll_oneoff: (from: number, to: number, count: number, events: number) =>
        this.#poll(from, to, count, events),
      fd_write: (fd: number, vectors: number, count: number, written: number) =>
        this.#write(fd, vectors, count, written),
      fd_close: () => EBADF,
      fd_fdstat_get: () => EBADF,
      fd_prestat_get: () => EBADF,
      fd_prestat_dir_name: () => EBADF,
      proc_exit: (code: number) => {
        throw new Exited(code);
      },
    };
  }

  get #view(): DataView {
    if (this.#memory === null) throw new Exited(-1);
    return new DataView(this.#memory.buffer);
  }

  #zero(count: number, size: number): number {
    this.#view.setUint32(count, 0, true);
    this.#view.setUint32(size, 0, true);
    return SUCCESS;
  }

  /** Wall time is what it was set to; the monotonic clock moves, for durations and timeouts. */
  #clock(clock: number, at: number): number {
    const now = clock === REALTIME ? this.#now : process.hrtime.bigint();
    this.#view.setBigUint64(at, now, true);
    return SUCCESS;
  }

  /** Go seeds its hash tables and map order with these; nothing secret is made in here. */
  #random(at: number, length: number): number {
    const bytes = new Uint8Array(this.#view.buffer, at, length);
    for (let i = 0; i < length; i += 1) bytes[i] = (i * 167 + 13) & 0xff;
    return SUCCESS;
  }

  /** Go sleeps here when every goroutine waits. Waking early is allowed, and it looks at the clock again. */
  #poll(from: number, to: number, count: number, events: number): number {
    const view = this.#view;
    for (let i = 0; i < count; i += 1) {
      view.setBigUint64(to + i * 32, view.getBigUint64(from + i * 48, true), true);
      view.setUint16(to + i * 32 + 8, SUCCESS, true);
      view.setUint8(to + i * 32 + 10, view.getUint8(from + i * 48 + 8));
    }
    view.setUint32(events, count, true);
    return SUCCESS;
  }

  #write(fd: number, vectors: number, count: number, written: number): number {
    const view = this.#view;
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const at = view.getUint32(vectors + i * 8, true);
      const length = view.getUint32(vectors + i * 8 + 4, true);
      total += length;
      if (fd === STDERR) this.#complain(new Uint8Array(view.buffer, at, length));
    }
    view.setUint32(written, total, true);
    return SUCCESS;
  }

  #complain(bytes: Uint8Array): void {
    const room = COMPLAINT_LIMIT - this.#complaint.length;
    if (room > 0) this.#complaint += new TextDecoder().decode(bytes.subarray(0, room));
  }
}

const nanoseconds = (date: Date): bigint => BigInt(date.getTime()) * 1_000_000n;
