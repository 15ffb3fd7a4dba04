/** What the hostile servers do where they behave: just enough of a legacy server to be taken for one. */

const VERSIONS = ['2025-06-18', '2025-11-25'];

/**
 * The answer of a well-behaved server; null for what needs none.
 * @param {any} message
 * @returns {any}
 */
export function politeAnswer(message) {
  const id = message?.id;
  const method = message?.method;
  if (id === undefined || typeof method !== 'string') return null;
  if (method === 'ping') return { jsonrpc: '2.0', id, result: {} };
  if (method === 'tools/list') return { jsonrpc: '2.0', id, result: { tools: [tool('echo')] } };
  if (method !== 'initialize')
    return { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } };
  const requested = message.params?.protocolVersion;
  const protocolVersion = VERSIONS.includes(requested) ? requested : '2025-11-25';
  const serverInfo = { name: 'hostile', version: '1.0.0' };
  return { jsonrpc: '2.0', id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
}

/** @param {string} name */
export function tool(name) {
  return { name, description: 'Does nothing.', inputSchema: { type: 'object', properties: {} } };
}
