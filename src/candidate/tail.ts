/** The last bytes a candidate printed, in constant memory however much it prints. */

const longestLine = 2_000;

/** A ring of `maxBytes` bytes; never grows, never blocks the writer. */
export class OutputTail {
  readonly #ring: Buffer;
  readonly #maxLines: number;
  #next = 0;
  #wrapped = false;

  constructor(maxBytes: number, maxLines: number) {
    this.#ring = Buffer.alloc(maxBytes);
    this.#maxLines = maxLines;
  }

  push(chunk: Buffer): void {
    const size = this.#ring.length;
    const kept = chunk.length > size ? chunk.subarray(chunk.length - size) : chunk;
    const room = size - this.#next;
    kept.copy(this.#ring, this.#next, 0, Math.min(room, kept.length));
    if (kept.length > room) kept.copy(this.#ring, 0, room);
    if (kept.length >= room) this.#wrapped = true;
    this.#next = (this.#next + kept.length) % size;
  }

  /** The last lines, each cut to a bearable length. Not escaped: whoever prints it must do that. */
  toString(): string {
    const bytes = this.#wrapped
      ? Buffer.concat([this.#ring.subarray(this.#next), this.#ring.subarray(0, this.#next)])
      : this.#ring.subarray(0, this.#next);
    const lines = bytes.toString('utf8').split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    return lines
      .slice(-this.#maxLines)
      .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line))
      .join('\n');
  }
}
