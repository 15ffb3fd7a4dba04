import { describe, expect, it } from '@jest/globals';
import type { Exchange } from '../../src/wire/exchange.js';
import { type Limits, limitsWith } from '../../src/wire/limits.js';
import { type Beginning, createTranscript, type Outcome, parsed } from '../../src/wire/transcript.js';

const REQUEST: Exchange['request'] = {
  transport: 'http',
  method: 'POST',
  url: 'http://127.0.0.1:1/mcp',
  headers: {},
  body: '{}',
  rpcMethod: 'ping',
  rpcId: 1,
};
const ANSWER: Outcome = {
  ending: 'answered',
  status: 200,
  headers: {},
  body: null,
  messages: [],
  problem: null,
};

const beginning = (request: Partial<Exchange['request']> = {}, experiment = 'a/b'): Beginning => ({
  experiment,
  connection: 'c1',
  principal: 'alice',
  request: { ...REQUEST, ...request },
});
const transcript = (changes: Partial<Limits> = {}, maskedSecrets: string[] = []) =>
  createTranscript({ startedAt: performance.now(), limits: limitsWith(changes), maskedSecrets });

describe('the transcript', () => {
  it('numbers exchanges in the order they began and finds them again', () => {
    const record = transcript();
    const first = record.begin(beginning());
    const second = record.begin(beginning({}, 'other'));
    second.finish(ANSWER);
    first.finish(ANSWER);
    expect(record.all().map(({ id, experiment }) => [id, experiment])).toEqual([
      ['x1', 'a/b'],
      ['x2', 'other'],
    ]);
    expect(record.experiment('other').map(({ id }) => id)).toEqual(['x2']);
    expect(record.get('x3')).toBeNull();
  });

  it('shows an exchange that is still open as it stands', () => {
    const record = transcript();
    record.begin(beginning(), () => ({ ...ANSWER, problem: 'so far' }));
    expect(record.get('x1')?.answer.problem).toBe('so far');
  });

  it('masks an Authorization header, and its token wherever it turns up afterwards', () => {
    const record = transcript();
    const token = 'eyJhbGciOi.J9.s"cret';
    const exchange = record
      .begin(
        beginning({
          headers: { Authorization: `Bearer ${token}` },
          url: `http://127.0.0.1:1/mcp?t=${encodeURIComponent(token)}`,
          body: JSON.stringify({ token }),
        }),
      )
      .finish({
        ...ANSWER,
        headers: { 'x-echo': token, 'set-cookie': 'sid=1' },
        body: `you sent ${token}`,
        messages: [{ at: 1, value: { token }, text: JSON.stringify({ token }) }],
        problem: `bad token ${token}`,
      });
    expect(exchange.request).toEqual({
      ...REQUEST,
      url: 'http://127.0.0.1:1/mcp?t=***',
      headers: { Authorization: 'Bearer ***' },
      body: '{"token":"***"}',
    });
    expect(exchange.answer).toEqual({
      ...ANSWER,
      headers: { 'x-echo': '***', 'set-cookie': '***' },
      body: 'you sent ***',
      messages: [{ at: 1, value: { token }, text: '{"token":"***"}' }],
      problem: 'bad token ***',
    });
    expect(JSON.stringify(record.all())).not.toContain('s\\"cret');
  });

  it('masks secrets it was told of, before and during the run', () => {
    const record = transcript({}, ['first-secret']);
    record.mask('second-secret');
    const { answer } = record
      .begin(beginning())
      .finish({ ...ANSWER, body: 'first-secret second-secret first-secretly' });
    expect(answer.body).toBe('*** *** ***ly');
  });

  it('cuts bodies and says by how much, never inside a character', () => {
    const record = transcript({ recordedBodyBytes: 10 });
    const { answer } = record.begin(beginning()).finish({ ...ANSWER, body: `123456789🍰${'x'.repeat(30)}` });
    expect(answer.body).toBe('123456789… (32 more characters)');
  });

  it('keeps only heads past its limits, but gives the caller everything', () => {
    const record = transcript({ transcriptExchanges: 1 });
    record.begin(beginning()).finish({ ...ANSWER, body: 'kept' });
    const second = record.begin(beginning()).finish({ ...ANSWER, body: 'dropped' });
    expect(second.answer.body).toBe('dropped');
    expect(record.get('x1')?.answer.body).toBe('kept');
    expect(record.get('x2')).toMatchObject({
      id: 'x2',
      request: { body: null, rpcMethod: 'ping' },
      answer: { status: 200, body: null },
    });
    expect(record.headsOnly).toBe(1);
  });

  it('keeps only heads when it has grown too large', () => {
    const record = transcript({ transcriptBytes: 5000 });
    for (let n = 0; n < 10; n += 1) record.begin(beginning()).finish({ ...ANSWER, body: 'x'.repeat(1000) });
    expect(record.all().filter(({ answer }) => answer.body !== null)).toHaveLength(3);
    expect(record.headsOnly).toBe(7);
  });
});

describe('reading JSON', () => {
  it('takes a message nested as deep as real ones are', () => {
    const text = `${'['.repeat(256)}"[[[[\\"[["${']'.repeat(256)}`;
    expect(JSON.stringify(parsed(text))).toBe(text);
  });

  it('takes nothing nested deeper, and no nonsense', () => {
    expect([parsed(`${'['.repeat(257)}${']'.repeat(257)}`), parsed('{"a":'), parsed('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
