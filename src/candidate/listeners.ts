/** On which addresses and ports the processes of a tree listen, as the operating system tells. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Listener } from './candidate.js';

const run = promisify(execFile);
/** TCP_LISTEN in /proc/net/tcp. */
const listening = '0A';
const mostListeners = 64;

/** Sorted and without repeats; null when the platform cannot tell. Never throws. */
export async function listenersOf(pids: readonly number[]): Promise<readonly Listener[] | null> {
  switch (process.platform) {
    case 'linux':
      return sorted(listenersInProc(pids));
    case 'darwin':
      return listenersByLsof(pids);
    default:
      return null;
  }
}

/** Whether a connection to loopback can reach it. */
export function reachableByLoopback(listener: Listener): boolean {
  return /^(127\.|0\.0\.0\.0$|::1?$|::ffff:127\.)/.test(listener.address);
}

function listenersInProc(pids: readonly number[]): readonly Listener[] {
  const inodes = new Set(pids.flatMap(socketInodes));
  if (inodes.size === 0) return [];
  // A tree may have a network namespace of its own, so its own tables are read.
  return pids.flatMap((pid) => [...table(pid, 'tcp', inodes), ...table(pid, 'tcp6', inodes)]);
}

function socketInodes(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`)) ?? [];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function table(pid: number, name: 'tcp' | 'tcp6', inodes: ReadonlySet<string>): readonly Listener[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/${name}`, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (local === undefined || inode === undefined || state !== listening || !inodes.has(inode)) return [];
    const [address = '', port = ''] = local.split(':');
    return [{ address: readAddress(address), port: Number.parseInt(port, 16) }];
  });
}

/** The kernel prints 32-bit words in host order: little-endian on every platform Node's runners use. */
export function readAddress(hex: string): string {
  const bytes = [...Buffer.from(hex, 'hex')];
  const words = Array.from({ length: bytes.length / 4 }, (_, index) =>
    bytes.slice(index * 4, index * 4 + 4).reverse(),
  );
  const ordered = words.flat();
  if (ordered.length === 4) return ordered.join('.');
  if (ordered.slice(0, 10).every((byte) => byte === 0) && ordered[10] === 255 && ordered[11] === 255) {
    return `::ffff:${ordered.slice(12).join('.')}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((ordered[index * 2] ?? 0) << 8) | (ordered[index * 2 + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

async function listenersByLsof(pids: readonly number[]): Promise<readonly Listener[] | null> {
  if (pids.length === 0) return [];
  try {
    const args = ['-nP', '-a', '-p', pids.join(','), '-iTCP', '-sTCP:LISTEN', '-Ftn'];
    const { stdout } = await run('lsof', args, { timeout: 10_000 });
    return sorted(readLsof(stdout));
  } catch (cause: unknown) {
    // lsof exits with 1 when it finds nothing.
    return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 1 ? [] : null;
  }
}

/** Lines of `lsof -Ftn`: `tIPv4` or `tIPv6`, then `n127.0.0.1:3000`, `n*:3000` or `n[::1]:3000`. */
export function readLsof(output: string): readonly Listener[] {
  let any = '0.0.0.0';
  return output.split('\n').flatMap((line) => {
    if (line.startsWith('t')) any = line === 'tIPv6' ? '::' : '0.0.0.0';
    const [, host, port] = /^n\[?([^\]]+?)\]?:(\d+)$/.exec(line) ?? [];
    if (host === undefined || port === undefined) return [];
    return [{ address: host === '*' ? any : host, port: Number(port) }];
  });
}

function sorted(found: readonly Listener[]): readonly Listener[] {
  const unique = new Map(found.map((listener) => [`${listener.address} ${listener.port}`, listener]));
  return [...unique.values()]
    .sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1))
    .slice(0, mostListeners);
}
