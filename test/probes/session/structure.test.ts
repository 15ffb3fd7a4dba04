import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Sample, type Structure, structureOf } from '../../../src/probes/identifiers/structure.js';

const START = Date.UTC(2026, 10, 23);
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function samples(make: (at: number, index: number) => string, count = 64): Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const at = START + index * 17;
    return { id: make(at, index), at };
  });
}

function uuidV7(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  const rest = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(15)}`;
}

function ulid(at: number): string {
  let time = '';
  for (let left = at, place = 0; place < 10; place += 1, left = Math.floor(left / 32))
    time = `${CROCKFORD[left % 32]}${time}`;
  return time + [...randomBytes(16)].map((byte) => CROCKFORD[byte % 32]).join('');
}

const GOOD: [string, (at: number, index: number) => string, number][] = [
  ['UUID v4', () => randomUUID(), 122],
  ['128 bits in hex', () => randomBytes(16).toString('hex'), 128],
  ['128 bits in upper case hex', () => randomBytes(16).toString('hex').toUpperCase(), 128],
  ['128 bits in base64url', () => randomBytes(16).toString('base64url'), 128],
  ['256 bits in base64', () => randomBytes(32).toString('base64'), 256],
  ['UUID v7', uuidV7, 74],
  ['ULID', ulid, 80],
  ['a prefix and 128 bits in hex', () => `mcp-session-${randomBytes(16).toString('hex')}`, 128],
  ['time and 128 bits in hex', (at) => `${at}-${randomBytes(16).toString('hex')}`, 128],
  ['a SHA-256 in hex', (_, index) => createHash('sha256').update(`salt ${index}`).digest('hex'), 256],
];

const WEAK: [string, (at: number, index: number) => string][] = [
  ['a counter', (_, index) => String(1000 + index)],
  ['a counter with a prefix', (_, index) => `session-${index + 1}`],
  ['a counter in hex', (_, index) => (0x4f10 + index).toString(16).padStart(32, '0')],
  [
    'a counter in the form of a UUID',
    (_, index) => `00000000-0000-4000-8000-${(index + 1).toString(16).padStart(12, '0')}`,
  ],
  ['milliseconds', (at) => String(at)],
  ['milliseconds in hex', (at) => at.toString(16)],
  ['milliseconds in base 36', (at) => at.toString(36)],
  ['milliseconds and a counter', (at, index) => `${at}-${index}`],
  ['32 random bits', () => randomBytes(4).toString('hex')],
  ['40 random bits written twice', () => randomBytes(5).toString('hex').repeat(3)],
  ['Math.random', () => Math.random().toString(36).slice(2)],
  ['addresses', (_, index) => `0x7f3c${(0x10000000 + (index % 7) * 48).toString(16)}`],
  ['always the same', () => 'the-only-session'],
];

describe('structureOf', () => {
  it.each(GOOD)('finds no fewer bits in %s than there are', (_, make, bits) => {
    for (let round = 0; round < 20; round += 1) {
      const { randomBits, distinct } = structureOf(samples(make));
      expect(distinct).toBe(64);
      expect(randomBits).toBeGreaterThanOrEqual(bits * 0.93);
      expect(randomBits).toBeLessThanOrEqual(bits * 1.1);
    }
  });

  it.each(GOOD)('finds them in 16 of %s too', (_, make, bits) => {
    expect(structureOf(samples(make, 16)).randomBits).toBeGreaterThanOrEqual(bits * 0.85);
  });

  it.each(WEAK)('finds fewer than 64 bits in %s', (_, make) => {
    for (let round = 0; round < 20; round += 1)
      expect(structureOf(samples(make)).randomBits).toBeLessThan(64);
  });

  const told = (make: (at: number, index: number) => string): Partial<Structure> => {
    const { form, order, counter, time } = structureOf(samples(make));
    return { form, order, counter, time };
  };

  it('tells what identifiers are', () => {
    expect([
      told(() => randomUUID()),
      told(uuidV7),
      told(ulid),
      told(() => randomBytes(16).toString('hex')),
      told((_, index) => String(995 + index)),
      told((_, index) => `session-${index + 1}`),
      told((_, index) => (0x4f10 + index).toString(16).padStart(32, '0')),
      told((at) => String(at)),
      told((_, index) => `0x7f3c${(0x10000000 + (index % 7) * 48).toString(16)}`),
    ]).toEqual([
      { form: 'uuid-v4', order: 'none', counter: false, time: false },
      { form: 'uuid-v7', order: 'ascending', counter: false, time: true },
      { form: 'ulid', order: 'ascending', counter: false, time: true },
      { form: 'opaque', order: 'none', counter: false, time: false },
      { form: 'number', order: 'ascending', counter: true, time: false },
      { form: 'opaque', order: 'ascending', counter: true, time: false },
      { form: 'opaque', order: 'ascending', counter: true, time: false },
      { form: 'number', order: 'ascending', counter: true, time: true },
      { form: 'pointer', order: 'none', counter: false, time: false },
    ]);
  });

  it('counts duplicates, and says nothing about randomness from a handful', () => {
    expect(structureOf(samples((_, index) => `s-${index % 2}`, 8))).toEqual({
      sampled: 8,
      distinct: 2,
      minLength: 3,
      maxLength: 3,
      alphabet: 'base64url',
      visibleAscii: true,
      form: 'opaque',
      order: 'none',
      counter: false,
      time: false,
      commonPrefix: 2,
      randomBits: null,
    });
  });

  it('sees characters that no session id may have', () => {
    expect(
      structureOf([
        { id: 'a b', at: START },
        { id: 'é', at: START },
      ]),
    ).toMatchObject({ visibleAscii: false, alphabet: 'other' });
  });

  it('survives a server that gave out nothing', () => {
    expect(structureOf([])).toMatchObject({ sampled: 0, distinct: 0, minLength: 0, randomBits: null });
  });
});
