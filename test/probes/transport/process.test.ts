/** What is printed beside the protocol is listened to for as long as it keeps coming, so that a slow machine hides no flood. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { Lab } from '../../../src/probes/lab.js';
import { stdioExperiment } from '../../../src/probes/transport/process.js';
import type { Wire } from '../../../src/wire/wire.js';
import { scriptCandidate, wireTo } from '../../wire/candidates.js';

const SPEECH = { legacy: '2025-11-25', modern: null, deprecatedPath: null, withoutToken: true };

const wires: Wire[] = [];
afterEach(async () => {
  for (const wire of wires.splice(0)) await wire.close();
});

/** Lines of noise that are counted where the candidate prints so many, one every so many milliseconds. */
async function counted(lines: number, everyMs: number): Promise<number | undefined> {
  const wire = wireTo(
    scriptCandidate(`
      let left = ${lines};
      const print = () => {
        if (left <= 0) return;
        left -= 1;
        process.stdout.write('noise\\n');
        setTimeout(print, ${everyMs});
      };
      onLine(({ id, method }) => {
        if (method !== 'initialize') return;
        const serverInfo = { name: 'noisy', version: '1.0.0' };
        send({ jsonrpc: '2.0', id, result: { protocolVersion: '2025-11-25', capabilities: {}, serverInfo } });
        print();
      });
      process.stdin.on('end', () => process.exit(0));`),
    'stdio',
    '',
  );
  wires.push(wire);
  const lab = new Lab({ probe: 'transport', signal: new AbortController().signal, width: 1 });
  return (await lab.run(stdioExperiment(wire, lab, SPEECH)))?.noise.lines;
}

describe('noise on stdout', () => {
  it('is counted while it keeps coming', async () => {
    expect(await counted(12, 100)).toBe(12);
  });

  it('is none where nothing is printed', async () => {
    expect(await counted(0, 100)).toBe(0);
  });

  it('is not listened to for ever', async () => {
    expect(await counted(1_000_000, 20)).toBeLessThan(1000);
  });
});
