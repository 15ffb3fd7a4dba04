import { describe, expect, it } from '@jest/globals';
import { validateMessage } from '../../src/wire/validate.js';

const initializeResult = (protocolVersion: string) => ({
  protocolVersion,
  capabilities: { tools: {} },
  serverInfo: { name: 's', version: '1' },
});

describe('validation against the published types', () => {
  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
    'passes a plain result of %s',
    (revision) => {
      expect(validateMessage(revision, 'InitializeResult', initializeResult(revision))).toEqual([]);
      expect(
        validateMessage(revision, 'ListToolsResult', {
          tools: [{ name: 'a', inputSchema: { type: 'object' } }],
        }),
      ).toEqual([]);
    },
  );

  it('tells where a message departs from its type', () => {
    expect(
      validateMessage('2025-11-25', 'InitializeResult', { protocolVersion: 1, capabilities: {} }),
    ).toEqual([
      { path: '/protocolVersion', problem: 'Invalid input: expected string, received number' },
      { path: '/serverInfo', problem: 'Invalid input: expected object, received undefined' },
    ]);
  });

  it('tells the problem of the closest member of a union', () => {
    expect(validateMessage('2025-11-25', 'CallToolResult', { content: [{ type: 'text' }] })).toEqual([
      { path: '/content/0/text', problem: 'Invalid input: expected string, received undefined' },
    ]);
  });

  it('asks modern results for their type, legacy ones not', () => {
    const tools = { tools: [] };
    expect(validateMessage('2025-11-25', 'ListToolsResult', tools)).toEqual([]);
    expect(validateMessage('2026-07-28', 'ListToolsResult', tools)).toEqual([
      {
        path: '/resultType',
        problem: 'expected a string, seen none: every result of this revision names its type',
      },
    ]);
  });

  it('knows batches in 2025-03-26 only', () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: null, error: { code: 1, message: 'x' } },
    ];
    expect(validateMessage('2025-03-26', 'JSONRPCMessage', batch)).toEqual([]);
    expect(validateMessage('2025-06-18', 'JSONRPCMessage', batch)).toEqual([
      { path: '', problem: 'expected one message, seen a batch' },
    ]);
  });

  it('does not judge what it has no type for', () => {
    expect(validateMessage('2099-12-31', 'InitializeResult', 7)).toEqual([]);
    expect(validateMessage('2025-11-25', 'DiscoverResult', 7)).toEqual([]);
  });

  it('survives a message nested without end', () => {
    let deep: unknown = {};
    for (let level = 0; level < 200_000; level += 1) deep = { deep };
    const problems = validateMessage('2026-07-28', 'DiscoverResult', {
      resultType: 'complete',
      supportedVersions: [],
      capabilities: { experimental: { deep } },
    });
    expect(problems).toContainEqual({
      path: '',
      problem: 'expected a message of ordinary depth, seen one nested too deeply',
    });
  });
});
