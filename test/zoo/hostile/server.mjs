/**
 * A server that means ill.
 *
 *     node test/zoo/hostile/server.mjs --behaviour <id of table.mjs> --transport stdio|streamable-http|sse --port N
 */
import { parseArgs } from 'node:util';
import { BEHAVIOURS, polite } from './behaviours.mjs';
import { listenOnSse, listenOnStdio, listenOnStreamableHttp } from './channels.mjs';
import { poisonStreams } from './injection.mjs';
import { flood, forkAndFlee, holdStreams, refuseToGo } from './processes.mjs';
import { HOSTILE } from './table.mjs';

const { values } = parseArgs({
  options: {
    behaviour: { type: 'string', default: 'silent' },
    transport: { type: 'string', default: 'stdio' },
    port: { type: 'string', default: process.env['PORT'] ?? '0' },
  },
});
const { behaviour, transport } = values;

if (!HOSTILE.some((entry) => entry.id === behaviour)) {
  process.stderr.write(
    `hostile: --behaviour ${behaviour}: expected one of the ids in test/zoo/hostile/table.mjs\n`,
  );
  process.exit(2);
}
if (behaviour === 'exits-at-once') {
  process.stderr.write('hostile: cannot read /etc/hostile.conf\n');
  process.exit(3);
}
if (behaviour === 'fork-and-flee') forkAndFlee();
if (behaviour === 'holds-streams') holdStreams();
if (behaviour === 'unkillable') refuseToGo();
if (behaviour === 'injection') poisonStreams({ stdout: transport === 'stdio' });
if (behaviour === 'stderr-flood') void flood(process.stderr);
if (behaviour === 'stdout-flood') void flood(process.stdout);

const answer = BEHAVIOURS[behaviour] ?? polite;
const stays = behaviour === 'unkillable';

if (behaviour === 'never-listens') setInterval(() => undefined, 60_000);
else if (transport === 'stdio') listenOnStdio(answer, { onEof: () => (stays ? undefined : process.exit(0)) });
else if (transport === 'streamable-http') listenOnStreamableHttp(answer, Number(values.port));
else listenOnSse(answer, Number(values.port));
