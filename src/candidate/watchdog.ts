/**
 * A shell that outlives the gate by a moment: when the gate is killed with SIGKILL, its end of the pipe closes, and the
 * shell kills every process with the marker and removes the candidate's folder. It is a few lines of sh and no script of
 * ours, so that the gate stays one bundled file and pays a millisecond for it. It has less to go by than the gate (the
 * marker alone), and does not exist on Windows.
 */
import { spawn } from 'node:child_process';
import { markerName } from './environment.js';

const script = `
trap '' INT TERM HUP QUIT
while read -r line; do :; done
name=${markerName}
tries=0
while [ "$tries" -lt 100 ]; do
  if [ -r /proc/self/environ ]; then
    pids=$(grep -lF "$name=$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)
  else
    pids=$(ps -AEww -o pid=,command= | awk -v a="$name" -v b="=$1" 'index($0, a b) { print $1 }')
  fi
  [ -z "$pids" ] && break
  kill -STOP $pids 2>/dev/null
  kill -KILL $pids 2>/dev/null
  tries=$((tries + 1))
  [ "$tries" -gt 3 ] && sleep 0.05
done
rm -rf -- "$2"
`;

/** Watches until the returned function is called, which the gate does when it has cleaned up itself. */
export function watch(marker: string, home: string): () => void {
  if (process.platform === 'win32') return () => {};
  const dog = spawn('/bin/sh', ['-c', script, 'mcp-gate-watchdog', marker, home], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    cwd: '/',
  });
  // Without a shell the gate still cleans up on every way out but SIGKILL.
  dog.on('error', () => {});
  dog.stdin.on('error', () => {});
  dog.unref();
  if ('unref' in dog.stdin && typeof dog.stdin.unref === 'function') dog.stdin.unref();
  return () => {
    dog.kill('SIGKILL');
  };
}
