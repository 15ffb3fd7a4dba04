import { describe, expect, it } from '@jest/globals';
import { encodeHeaderValue, isHeaderValue, mergeHeaders, stackHeaders } from '../../src/wire/headers.js';
import { createParamHeaders } from '../../src/wire/param-headers.js';

describe('headers', () => {
  it('are merged without regard to case, and null removes those of lower layers', () => {
    const probe = stackHeaders({ ACCEPT: 'x', host: 'a' }, { accept: null });
    expect(probe).toEqual({ accept: null, host: 'a' });
    expect(mergeHeaders({ Accept: 'text/html', 'X-Keep': '1' }, probe)).toEqual({ 'X-Keep': '1', host: 'a' });
  });

  // The table of 2026-07-28 basic/transports/streamable-http, "Value Encoding".
  it.each([
    ['us-west1', 'us-west1'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
  ])('encode %j as the specification does', (value, encoded) => {
    expect(encodeHeaderValue(value)).toBe(encoded);
  });

  it('are never made of what a candidate smuggled in', () => {
    expect(['ok', 'a b', 'a\r\nX: y', 'ü', '', ' x', 'x'.repeat(5000)].map(isHeaderValue)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('mirror the arguments that a tool annotates, at their exact path', () => {
    const headers = createParamHeaders();
    const annotated = (type: string, name: string) => ({ type, 'x-mcp-header': name });
    headers.learn({
      tools: [
        {
          name: 'query',
          inputSchema: {
            type: 'object',
            properties: {
              region: annotated('string', 'Region'),
              dry: annotated('boolean', 'Dry'),
              bad: annotated('string', 'two words'),
              deep: { type: 'object', properties: { level: annotated('integer', 'Level') } },
              list: { type: 'array', items: { properties: { x: annotated('string', 'X') } } },
            },
          },
        },
        { name: 'plain', inputSchema: { type: 'object' } },
        'nonsense',
      ],
    });
    const args = { region: 'überall', dry: false, bad: 'x', deep: { level: 42 }, list: [{ x: 'y' }] };
    expect(headers.headersFor({ name: 'query', arguments: args })).toEqual({
      'mcp-param-Region': `=?base64?${Buffer.from('überall').toString('base64')}?=`,
      'mcp-param-Dry': 'false',
      'mcp-param-Level': '42',
    });
    expect(headers.headersFor({ name: 'query', arguments: { region: null } })).toEqual({});
    expect(headers.headersFor({ name: 'plain', arguments: args })).toEqual({});
  });
});
