/** No token of any principal appears in anything the gate writes. */
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/report/annotations.js';
import { renderJson } from '../../src/report/json.js';
import { renderJunit } from '../../src/report/junit.js';
import { renderSarif } from '../../src/report/sarif.js';
import { renderSummary } from '../../src/report/summary.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { FAULTS, faultId } from '../zoo/faults.mjs';
import { zooManifest } from '../zoo/manifest.mjs';
import { gateTexts } from './kit.js';

/** A JWT, whoever signed it. */
const JWT = /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/;

describe('tokens', () => {
  it('are in no output, not even when the candidate is denied with evidence', async () => {
    const secrets = new Set<string>();
    const fault = FAULTS.find((one) => faultId(one) === 'session/other-principal-accepted');
    if (fault === undefined) throw new Error('the zoo has no such fault');
    const manifest = zooManifest({ fault, transport: 'streamable-http', era: 'legacy' });
    const { report, rules } = await gateTexts([manifest], {}, { onSecret: (secret) => secrets.add(secret) });
    const outputs = {
      json: renderJson(report),
      terminal: renderTerminal(report, { color: false, width: 100 }),
      summary: renderSummary(report),
      sarif: renderSarif(report, rules),
      junit: renderJunit(report, rules),
      annotations: JSON.stringify(annotations(report)),
    };

    expect(report.decision).toBe('deny');
    expect(secrets.size).toBeGreaterThan(10);
    for (const [name, text] of Object.entries(outputs)) {
      expect({ name, leaked: [...secrets].filter((secret) => text.includes(secret)) }).toEqual({
        name,
        leaked: [],
      });
      expect({ name, jwt: JWT.exec(text) }).toEqual({ name, jwt: null });
    }
    expect(outputs.json).toContain('Bearer ***');
  });
});
