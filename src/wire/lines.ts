/** Cuts a byte stream into lines without ever holding more than one line's limit. */

export interface LineReader {
  /** The lines that became complete with these bytes, without their line ends. */
  feed(chunk: Uint8Array): readonly string[];
  /** What is left when the stream ended without a line end. */
  rest(): string;
  /** A line grew past the limit; nothing more is read. */
  readonly tooLarge: boolean;
}

const NEWLINE = 0x0a;

/** A reader for UTF-8 lines of at most `limit` bytes, ended by LF or CRLF. */
export function createLineReader(limit: number): LineReader {
  let pending: Buffer[] = [];
  let size = 0;
  let tooLarge = false;

  function feed(chunk: Uint8Array): readonly string[] {
    if (tooLarge) return [];
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      keep(bytes.subarray(start, end));
      if (tooLarge) return lines;
      lines.push(take());
      start = end + 1;
    }
    keep(bytes.subarray(start));
    return lines;
  }

  function keep(bytes: Buffer): void {
    size += bytes.length;
    if (size > limit) {
      tooLarge = true;
      pending = [];
      return;
    }
    if (bytes.length > 0) pending.push(bytes);
  }

  function take(): string {
    const line = Buffer.concat(pending).toString('utf8');
    pending = [];
    size = 0;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  return {
    feed,
    rest: () => (tooLarge ? '' : take()),
    get tooLarge() {
      return tooLarge;
    },
  };
}
