/** SARIF logs of every kind against the official schema and against what GitHub's documentation asks for. */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { renderSarif, SARIF_COMPRESSED, SARIF_RESULTS } from '../../src/report/sarif.js';
import { finding, RULES, report, server } from './fixture.js';
import { SARIF_CASES } from './sarifCases.js';

interface Text {
  readonly text: string;
}

interface Run {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly rules: readonly {
        readonly id: string;
        readonly name: string;
        readonly shortDescription: Text;
        readonly fullDescription: Text;
        readonly help: Text;
        readonly properties: { readonly tags: readonly string[]; readonly 'security-severity': string };
      }[];
    };
  };
  readonly results: readonly {
    readonly ruleIndex: number;
    readonly message: Text;
    readonly locations: readonly {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: Readonly<Record<string, number>>;
      };
    }[];
    readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  }[];
  readonly invocations: readonly { readonly toolExecutionNotifications: readonly { message: Text }[] }[];
}

/** The standard's schema says draft 4, of which it uses nothing that draft 7 means differently. */
function officialSchema(): object {
  const schema: Record<string, unknown> = JSON.parse(
    readFileSync(new URL('sarif-schema-2.1.0.json', import.meta.url), 'utf8'),
  );
  const { $schema: _draft, id: $id, ...body } = schema;
  return { $id, ...body };
}

const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
ajv.addFormat('uri', (text: string) => URL.canParse(text));
ajv.addFormat('uri-reference', (text: string) => /^[\w.~:/?#[\]@!$&'()*+,;=%-]*$/u.test(text));
ajv.addFormat('date-time', (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u.test(text));
const validate = ajv.compile(officialSchema());

function runOf(log: string): Run {
  const { runs }: { runs: Run[] } = JSON.parse(log);
  const [run] = runs;
  if (run === undefined || runs.length !== 1) throw new Error('expected one run');
  return run;
}

describe.each([...SARIF_CASES])('the SARIF log "%s"', (_name, log) => {
  it('is valid by the official schema', () => {
    validate(JSON.parse(log));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('has what code scanning requires of rules, within its limits', () => {
    const { rules } = runOf(log).tool.driver;
    const faults = rules.filter(
      ({ id, name, shortDescription, fullDescription, help, properties }) =>
        [id, name].some((text) => text === '' || text.length > 255) ||
        [shortDescription, fullDescription].some(({ text }) => text === '' || text.length > 1024) ||
        help.text === '' ||
        !properties.tags.includes('security') ||
        properties.tags.length > 20 ||
        !(Number(properties['security-severity']) > 0 && Number(properties['security-severity']) <= 10),
    );
    expect(faults).toEqual([]);
  });

  it('has what code scanning requires of results', () => {
    const run = runOf(log);
    const faults = run.results.filter(({ ruleIndex, message, locations, partialFingerprints }) => {
      const [place, ...others] = locations;
      const { artifactLocation, region } = place?.physicalLocation ?? {};
      return (
        run.tool.driver.rules[ruleIndex] === undefined ||
        message.text === '' ||
        others.length > 0 ||
        (artifactLocation?.uri ?? '') === '' ||
        !((region?.['startLine'] ?? 0) > 0 && region?.['endLine'] === region?.['startLine']) ||
        !/^[0-9a-f]{32}:\d+$/u.test(partialFingerprints.primaryLocationLineHash)
      );
    });
    expect(faults).toEqual([]);
  });
});

describe('SARIF and what is outside the checkout', () => {
  const placed = (file: string, manifest = 'deploy/mcp-gate.yaml'): readonly unknown[] => {
    const findings = [finding({ message: 'Why.', location: { file, line: 3, column: 2 } })];
    const [result] = runOf(renderSarif(report([server({ manifest, findings })]), RULES)).results;
    const { artifactLocation, region } = result?.locations[0]?.physicalLocation ?? {};
    return [artifactLocation?.uri, region?.['startLine'], result?.message.text];
  };

  it.each(['../policy/data.yaml', '/etc/data.yaml', 'C:\\policy\\data.yaml', 'a/../../b.yaml'])(
    'moves a finding in %s to the manifest and says where it is',
    (file) => {
      expect(placed(file)).toEqual(['deploy/mcp-gate.yaml', 1, `Why. (${file}:3:2)`]);
    },
  );

  it('leaves a finding alone that is inside by another spelling', () => {
    expect(placed('./a/../policy/data.yaml')).toEqual(['a/../policy/data.yaml', 3, 'Why.']);
  });

  it('leaves a finding alone when the manifest is outside, too', () => {
    expect(placed('../a.yaml', '../m.yaml')).toEqual(['../a.yaml', 3, 'Why.']);
  });
});

describe('SARIF and the 10 MB of GitHub', () => {
  it('leaves out the least important findings until the compressed log fits, and says how many', () => {
    // Nothing repeats within the 32 KiB that gzip looks back.
    let state = 1;
    const noise = Array.from({ length: 60_000 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return String.fromCodePoint(0x4e00 + ((state >> 8) % 20_000));
    }).join('');
    const findings = Array.from({ length: SARIF_RESULTS }, (_none, index) => {
      const from = (index * 2_000) % 58_000;
      return finding({ at: `/spec/${index}`, message: noise.slice(from, from + 2_000) });
    });
    const log = renderSarif(report([server({ findings })]), RULES);
    const run = runOf(log);
    const compressed = gzipSync(log);

    expect(compressed.length).toBeLessThanOrEqual(SARIF_COMPRESSED);
    expect(gunzipSync(compressed).length).toBe(Buffer.byteLength(log));
    expect(run.results.length).toBeGreaterThan(1_000);
    expect(run.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)).toEqual([
      `${SARIF_RESULTS - run.results.length} more findings: see the report.`,
    ]);
  });
});
