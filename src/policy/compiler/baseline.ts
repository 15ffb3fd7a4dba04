/**
 * Runs WebAssembly as V8's baseline compiler leaves it.
 *
 * V8 optimises hot functions in the background. A compiler that runs for a moment never gets that time back: on two
 * cores the optimiser competes with it, and doubles both its time and its memory (docs/decisions/0002). A module
 * cannot opt out, so the switch is thrown for as long as the compiler holds the thread, and thrown back for the
 * policies, which are small and worth optimising.
 */
import { setFlagsFromString } from 'node:v8';

export function inBaseline<T>(work: () => T): T {
  setFlagsFromString('--no-wasm-dynamic-tiering');
  setFlagsFromString('--no-wasm-tier-up');
  try {
    return work();
  } finally {
    setFlagsFromString('--wasm-tier-up');
    setFlagsFromString('--wasm-dynamic-tiering');
  }
}
