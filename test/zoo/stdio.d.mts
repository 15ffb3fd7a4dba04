import type { Readable, Writable } from 'node:stream';
import type { Era } from './faults.mjs';
import type { Switches } from './switches.mjs';

/** Serves on the streams of this process, or on those given. */
export function serveOverStdio(
  era: Era,
  switches: Switches,
  streams?: { input: Readable; output: Writable; exit: () => void },
): Promise<void>;
