import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { facts } from '../../src/facts/facts.js';
import { factsJsonSchema } from '../../src/facts/schema.js';
import { renderJson, reportJsonSchema } from '../../src/report/json.js';
import { type Report, report as reportSchema } from '../../src/report/report.js';
import { CLEAN, FIXTURE, server } from './fixture.js';
import { expectGolden } from './golden.js';
import { HOSTILE, hostileReport } from './hostile.js';

const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true });

describe('the JSON report', () => {
  it('holds the report and nothing else', () => {
    expect(reportSchema.parse(JSON.parse(renderJson(CLEAN)))).toEqual(CLEAN);
  });

  it('is the same bytes for the same content in another order of keys', () => {
    expect(renderJson(reversed(FIXTURE))).toBe(renderJson(FIXTURE));
  });

  it('is refused when it does not match its schema, with the place that is wrong', () => {
    const wrong = { ...CLEAN, servers: [{ ...server(), durationMs: -1 }] };
    expect(() => renderJson(wrong)).toThrow(/fault of the gate[\s\S]*servers\[0\]\.durationMs/u);
  });
});

describe('schema/report.schema.json', () => {
  const validate = ajv.compile(reportJsonSchema());

  it.each([['fixture', FIXTURE] as const, ['clean', CLEAN] as const])(
    'accepts the %s report',
    (_name, given) => {
      validate(JSON.parse(renderJson(given)));
      expect(validate.errors ?? []).toEqual([]);
    },
  );

  it('accepts hostile text, which is only text', () => {
    for (const [, text] of HOSTILE.filter(([, one]) => one.length < 10_000)) {
      validate(JSON.parse(renderJson(hostileReport(text))));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it.each([
    ['another decision', { ...CLEAN, decision: 'maybe' }],
    ['an unknown key', { ...CLEAN, extra: 1 }],
    ['a digest that is none', { ...CLEAN, policy: { digest: 'sha256:x', rules: 1 } }],
  ])('refuses %s, as the gate does', (_name, wrong) => {
    expect([validate(wrong), reportSchema.safeParse(wrong).success]).toEqual([false, false]);
  });

  it('is what the sources give', () => {
    expectGolden('../../schema/report.schema.json', `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
  });
});

describe('schema/facts.schema.json', () => {
  it('accepts the facts of the fixture and refuses others, as the gate does', () => {
    const validate = ajv.compile(factsJsonSchema());
    const good = FIXTURE.servers[0]?.facts;
    const bad = { ...good, probes: 'all' };
    expect([validate(good), facts.safeParse(good).success]).toEqual([true, true]);
    expect([validate(bad), facts.safeParse(bad).success]).toEqual([false, false]);
  });

  it('is what the sources give', () => {
    expectGolden('../../schema/facts.schema.json', `${JSON.stringify(factsJsonSchema(), null, 2)}\n`);
  });
});

/** The same value with the keys of every object in reverse order. */
function reversed(value: Report): Report;
function reversed(value: unknown): unknown;
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
