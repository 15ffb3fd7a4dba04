/** A page that is written until it is full: blocks are whole or not there, and what was opened is closed. */
import { type Attributes, halves, Markup, type Tag } from './markup.js';

/** An element whose content may end early. Blocks are asked for only while there is room. */
export interface Group {
  readonly open: string;
  readonly close: string;
  readonly blocks: Iterable<Block>;
}

export type Block = Markup | Group;

/** An element around blocks. */
export function group(tag: Tag, attributes: Attributes, blocks: Iterable<Block>): Group {
  const [open, close] = halves(tag, attributes);
  return { open, close, blocks };
}

export interface Written {
  readonly source: string;
  /** False when something was left out. */
  readonly complete: boolean;
}

/** Writes blocks up to the first that does not fit into `room` bytes of UTF-8; what follows it is left out, too. */
export function write(blocks: Iterable<Block>, room: number): Written {
  const parts: string[] = [];
  let left = room;

  function add(block: Block): boolean {
    if (block instanceof Markup) {
      const line = `${block.toString()}\n`;
      const bytes = Buffer.byteLength(line);
      if (bytes > left) return false;
      left -= bytes;
      parts.push(line);
      return true;
    }
    const frame = Buffer.byteLength(block.open) + Buffer.byteLength(block.close) + 2;
    if (frame > left) return false;
    left -= frame;
    parts.push(`${block.open}\n`);
    const complete = addAll(block.blocks);
    parts.push(`${block.close}\n`);
    return complete;
  }

  function addAll(all: Iterable<Block>): boolean {
    for (const block of all) if (!add(block)) return false;
    return true;
  }

  const complete = addAll(blocks);
  return { source: parts.join(''), complete };
}
