/** The rules of revision 2026-07-28 that a fault can break, one at a time: by mending the request before the SDK sees it, or bending its answer. */

/** @typedef {Record<string, any>} Json */

const META = 'io.modelcontextprotocol/';
const VERSION = '2026-07-28';

/** Headers as the body says they should be; a fault takes one of them from here instead of refusing. @param {Json} message */
function rightHeaders(message) {
  return {
    version: message['params']?._meta?.[`${META}protocolVersion`],
    method: message['method'],
    name: message['params']?.name ?? message['params']?.uri,
  };
}

/**
 * Faults that overlook a wrong or missing header: it is put right before the SDK would refuse it.
 * @param {Headers} headers Changed in place.
 * @param {Json} message
 * @param {string} rule
 */
export function mendHeaders(headers, message, rule) {
  const right = rightHeaders(message);
  const overlook = (/** @type {string} */ name, /** @type {string} */ slug, /** @type {unknown} */ value) => {
    if (typeof value !== 'string') return;
    const sent = headers.get(name);
    if (rule === `${slug}-missing` && sent === null) headers.set(name, value);
    const mismatch = rule === `${slug}-wrong` || rule === `${slug}-mismatch`;
    if (mismatch && sent !== null && sent !== value) headers.set(name, value);
  };
  overlook('mcp-protocol-version', 'version-header', right.version);
  overlook('mcp-method', 'method-header', right.method);
  overlook('mcp-name', 'name-header', right.name);
}

/**
 * The fault that serves requests whose `_meta` lacks what every request must carry.
 * @param {Json} message
 * @param {string} rule
 * @param {boolean} modern Whether something else says that the request is a modern one.
 * @returns {Json}
 */
export function mendMeta(message, rule, modern) {
  const claimed = message['params']?._meta?.[`${META}protocolVersion`] !== undefined;
  if (rule !== 'meta-missing' || message['id'] === undefined || !(modern || claimed)) return message;
  const meta = {
    [`${META}protocolVersion`]: VERSION,
    [`${META}clientCapabilities`]: {},
    ...message['params']?._meta,
  };
  return { ...message, params: { ...message['params'], _meta: meta } };
}

/**
 * Faults in the error a request gets.
 * @param {Json} answer JSON-RPC response
 * @param {string} rule
 * @returns {Json}
 */
export function bendError(answer, rule) {
  const code = answer['error']?.code;
  const { message } = answer['error'] ?? {};
  if (rule === 'unknown-method' && code === -32601) return { ...answer, error: { code: -32603, message } };
  if (rule === 'unsupported-version' && code === -32022)
    return { ...answer, error: { code: -32600, message } };
  if (rule === 'unsupported-version-without-list' && code === -32022)
    return { ...answer, error: { code, message } };
  return answer;
}

/**
 * Faults in the HTTP status of an error.
 * @param {number} status
 * @param {Json} answer
 * @param {string} rule
 */
export function bendStatus(status, answer, rule) {
  const code = answer['error']?.code;
  if (rule === 'unknown-method-status' && code === -32601) return 200;
  if (rule === 'unsupported-version-status' && code === -32022) return 200;
  if (rule === 'header-mismatch-status' && code === -32020) return 200;
  return status;
}
