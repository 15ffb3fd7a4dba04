import { afterEach, describe, expect, it } from '@jest/globals';
import { detectEra } from '../../src/wire/era.js';
import { scriptCandidate, serve, type TestServer, wireTo } from './candidates.js';

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function overStdio(script: string) {
  const wire = wireTo(scriptCandidate(script), 'stdio', '/', { requestTimeoutMs: 3000 });
  const { era, because, supportedVersions, errorCode } = await detectEra(wire);
  await wire.close();
  return { era, because, supportedVersions, errorCode };
}

async function overHttp(status: number, body: unknown) {
  const server = await serve((_request, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(body === null ? '' : JSON.stringify(body)),
  );
  open.push(server);
  const wire = wireTo(server.candidate, 'streamable-http');
  const { era, because, httpStatus, errorCode } = await detectEra(wire);
  await wire.close();
  return { era, because, httpStatus, errorCode };
}

const error = (code: number) => ({ jsonrpc: '2.0', id: 1, error: { code, message: 'no' } });

describe('the era of a candidate on stdio', () => {
  it('is modern when it discovers', async () => {
    const script = `onLine(({ id }) => send({ jsonrpc: '2.0', id, result: { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: {} } }))`;
    expect(await overStdio(script)).toEqual({
      era: 'modern',
      because: 'discovered',
      supportedVersions: ['2026-07-28'],
      errorCode: null,
    });
  });

  it('is modern when it refuses our version by the modern error', async () => {
    const script = `onLine(({ id }) => send({ jsonrpc: '2.0', id, error: { code: -32022, message: 'no', data: { supported: ['2027-01-01'] } } }))`;
    expect(await overStdio(script)).toEqual({
      era: 'modern',
      because: 'modern-error',
      supportedVersions: ['2027-01-01'],
      errorCode: -32022,
    });
  });

  it('is legacy on any other error, on a result that lists no version, on silence and on an exit', async () => {
    const none = { era: 'legacy', supportedVersions: [] };
    const cases = [
      [
        `onLine(({ id }) => send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }))`,
        { ...none, because: 'other-error', errorCode: -32601 },
      ],
      [
        `onLine(({ id }) => send({ jsonrpc: '2.0', id, result: {} }))`,
        { ...none, because: 'other-error', errorCode: null },
      ],
      ['process.stdin.resume()', { ...none, because: 'silence', errorCode: null }],
      ['onLine(() => process.exit(1))', { ...none, because: 'exit', errorCode: null }],
    ] as const;
    for (const [script, expected] of cases) expect(await overStdio(script)).toEqual(expected);
  });
});

describe('the era of a candidate on HTTP', () => {
  it.each([
    [400, error(-32020), 'modern', 'modern-error'],
    [400, error(-32022), 'modern', 'modern-error'],
    [400, error(-32000), 'legacy', 'other-error'],
    [400, null, 'legacy', 'other-error'],
    [404, error(-32601), 'legacy', 'other-error'],
    [401, null, null, 'refused'],
    [429, null, null, 'refused'],
  ] as const)('with status %i and body %j is %s', async (status, body, era, because) => {
    expect(await overHttp(status, body)).toEqual({
      era,
      because,
      httpStatus: status,
      errorCode: body?.error.code ?? null,
    });
  });
});
