import type { Era } from './faults.mjs';
import type { Switches } from './switches.mjs';

/** Serves inside this process; port 0 takes a free one. */
export function serveOverHttp(
  options: { transport: 'streamable-http' | 'sse'; era: Era; port: number },
  switches: Switches,
): Promise<{ port: number; close: () => void }>;
