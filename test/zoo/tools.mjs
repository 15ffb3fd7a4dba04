/** The tools of the reference server: harmless, read-only, always in the same order, the same in both eras. */

const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

export const SERVER_INFO = { name: 'zoo', version: '1.0.0' };

export const TOOLS = [
  {
    name: 'echo',
    title: 'Echo',
    description: 'Returns the text it is given.',
    inputSchema: {
      type: 'object',
      properties: { text: { type: 'string', description: 'Any text.' } },
      required: ['text'],
      additionalProperties: false,
    },
    annotations: readOnly,
  },
  {
    name: 'whoami',
    title: 'Who am I',
    description: 'Returns the subject the server takes the caller for.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: readOnly,
  },
];

/**
 * Runs a tool for a caller.
 * @param {{ name?: unknown, arguments?: Record<string, unknown> }} params
 * @param {import('./authorize.mjs').Caller} caller
 * @returns {{ content: { type: 'text', text: string }[], isError?: true } | null} null: there is no such tool
 */
export function callTool(params, caller) {
  if (params.name === 'whoami') return text(caller.subject);
  if (params.name !== 'echo') return null;
  const given = params.arguments?.['text'];
  if (typeof given !== 'string') {
    return { ...text('`text` must be a string. Call echo with {"text": "…"}.'), isError: true };
  }
  return text(given);
}

/** @param {string} value */
function text(value) {
  return { content: [{ type: /** @type {const} */ ('text'), text: value }] };
}
