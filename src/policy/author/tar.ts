/** Archives that are the same bytes for the same files: no clock, no user, no order of a file system in them. */
import { gzipSync } from 'node:zlib';

const BLOCK = 512;
/** "Unknown", RFC 1952: else the machine that compressed it shows. */
const NO_SYSTEM = 255;
const SYSTEM_AT = 9;

/** A gzipped tar of regular files (POSIX ustar), sorted by name. Names have at most 100 bytes. */
export function tarball(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, content]) => entry(name, content));
  const zipped = gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  zipped[SYSTEM_AT] = NO_SYSTEM;
  return zipped;
}

function entry(name: string, content: Uint8Array): readonly Uint8Array[] {
  const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
  return [header(name, content.length), content, Buffer.alloc(padding)];
}

function header(name: string, size: number): Uint8Array {
  if (Buffer.byteLength(name) > 100)
    throw new Error(`${name} is too long a name for this archive; 100 bytes are the most.`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  };
  block.write(name, 0, 'utf8');
  octal(0o644, 100, 8);
  octal(0, 108, 8); // user
  octal(0, 116, 8); // group
  octal(size, 124, 12);
  octal(0, 136, 12); // time
  block.fill(' ', 148, 156);
  block.write('0', 156, 'latin1'); // a regular file
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
