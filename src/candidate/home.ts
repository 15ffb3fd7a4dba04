/** The folder a candidate takes for its home: fresh, private, and gone afterwards. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes the folder, with the temporary folder inside it. The path is short: sockets must fit in it. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'mcp-gate-'));
  mkdirSync(join(home, 'tmp'), { mode: 0o700 });
  return home;
}

/** Removes it with everything in it. Never throws; synchronous, to run while the gate exits. */
export function removeHome(home: string): void {
  if (tryRemove(home)) return;
  // Caches of modules are often written read-only, and then cannot be removed as they are.
  try {
    openUp(home);
  } catch {
    // A candidate that is still writing; what can be removed is.
  }
  tryRemove(home);
}

function tryRemove(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
    return true;
  } catch {
    return false;
  }
}

function openUp(path: string): void {
  if (!lstatSync(path).isDirectory()) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openUp(join(path, name));
}
