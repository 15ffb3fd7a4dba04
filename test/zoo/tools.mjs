/** The tools of the reference server: the same in both eras, always in the same order, bound to their caller in all they keep. */
import { talkOf } from './elicitation.mjs';

const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const harmless = { ...readOnly, readOnlyHint: false, idempotentHint: false };

export const SERVER_INFO = { name: 'zoo', version: '1.0.0' };

/** @param {Record<string, string>} texts Names and descriptions of required texts. */
function takes(texts) {
  const properties = Object.fromEntries(
    Object.entries(texts).map(([name, description]) => [name, { type: 'string', description }]),
  );
  const required = Object.keys(texts);
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

export const TOOLS = [
  {
    name: 'echo',
    title: 'Echo',
    description: 'Returns the text it is given.',
    inputSchema: takes({ text: 'Any text.' }),
    annotations: readOnly,
  },
  {
    name: 'whoami',
    title: 'Who am I',
    description: 'Returns the subject the server takes the caller for.',
    inputSchema: takes({}),
    annotations: readOnly,
  },
  {
    name: 'open_cart',
    title: 'Open a cart',
    description: 'Opens an empty cart and returns its id.',
    inputSchema: takes({}),
    annotations: harmless,
  },
  {
    name: 'add_item',
    title: 'Add to a cart',
    description: 'Adds an item to a cart that the caller opened.',
    inputSchema: takes({ cartId: 'Id of the cart.', item: 'Name of the item.' }),
    annotations: harmless,
  },
  {
    name: 'ask',
    title: 'Confirm',
    description: 'Returns whether a question was confirmed.',
    inputSchema: takes({ question: 'The question.' }),
    annotations: readOnly,
  },
  {
    name: 'connect_account',
    title: 'Connect an account',
    description: 'Connects an account at another service.',
    inputSchema: takes({}),
    annotations: harmless,
  },
  {
    name: 'sync_ledger',
    title: 'Sync the ledger',
    description: 'Syncs the ledger with a connected account.',
    inputSchema: takes({}),
    annotations: harmless,
  },
  {
    name: 'choose_plan',
    title: 'Choose a plan',
    description: 'Changes the plan of the account.',
    inputSchema: takes({}),
    annotations: harmless,
  },
  {
    name: 'announce',
    title: 'Announce',
    description: 'Sends a text to the streams its caller holds open.',
    inputSchema: takes({ text: 'The text.' }),
    annotations: harmless,
  },
];

/** The tool that may become a task. */
export const TASK_TOOL = 'export_ledger';

/** The tools of this server; the one that becomes a task is there where tasks are. @param {import('./switches.mjs').Switches} switches */
export function toolsOf({ tasks, elicitation: fault }) {
  const spoken = { description: 'Asks the user which plan to change to.' };
  const tools =
    fault === 'talks'
      ? TOOLS.map((tool) => (tool.name === 'choose_plan' ? { ...tool, ...spoken } : tool))
      : TOOLS;
  if (tasks === 'none') return tools;
  const description = 'Writes the ledger into a file, which takes a while.';
  return [
    ...tools,
    { name: TASK_TOOL, title: 'Export', description, inputSchema: takes({}), annotations: harmless },
  ];
}

/**
 * @typedef {object} ToolContext
 * @property {import('./authorize.mjs').Caller} caller
 * @property {import('./world.mjs').World} world
 * @property {(talk: import('./elicitation.mjs').Talk) => Promise<ToolResult>} ask Asks the user, in the way of the era.
 * @property {(text: string) => void} announce Reaches the caller's streams of this era.
 */

/** @typedef {Record<string, any>} ToolResult */

/**
 * Runs a tool for a caller.
 * @param {{ name?: unknown, arguments?: Record<string, unknown> | undefined }} params
 * @param {ToolContext} context
 * @returns {Promise<ToolResult | null>} null: there is no such tool
 */
export async function callTool(params, context) {
  const tool = toolsOf(context.world.switches).find(({ name }) => name === params.name);
  if (tool === undefined) return null;
  const given = params.arguments ?? {};
  const missing = (tool.inputSchema.required ?? []).find((name) => typeof given[name] !== 'string');
  if (missing !== undefined) return failure(`${tool.name} needs \`${missing}\` as a string.`);
  const texts = /** @type {Record<string, string>} */ (given);
  return run(tool.name, texts, context);
}

/** @param {string} name @param {Record<string, string>} given @param {ToolContext} context @returns {Promise<ToolResult>} */
async function run(
  name,
  { text = '', cartId = '', item = '', question = '' },
  { caller, world, ask, announce },
) {
  switch (name) {
    case 'whoami':
      return { ...said(caller.subject), structuredContent: { subject: caller.subject } };
    case 'open_cart': {
      const id = world.carts.open(caller);
      return { ...said(`Opened the cart ${id}.`), structuredContent: { cartId: id } };
    }
    case 'add_item': {
      const items = world.carts.add(caller, cartId, item);
      if (items === null) return failure('There is no such cart.');
      return { ...said(`The cart holds ${items.length}.`), structuredContent: { items: [...items] } };
    }
    case 'ask':
      return ask({
        mode: 'form',
        byError: false,
        given: { question },
        request: () => elicitation(question),
        settle,
      });
    case 'connect_account':
    case 'sync_ledger':
    case 'choose_plan':
      return ask(talkOf(name, world.switches));
    case 'announce':
      announce(text);
      return said('Announced.');
    case TASK_TOOL:
      return said('Exported.');
    default:
      return said(text);
  }
}

/** The elicitation that `ask` leads to. @param {string} question */
export function elicitation(question) {
  return {
    message: question,
    requestedSchema: {
      type: /** @type {const} */ ('object'),
      properties: { confirm: { type: /** @type {const} */ ('boolean'), title: 'Confirm' } },
      required: ['confirm'],
    },
  };
}

/** What `ask` makes of the answer, which nobody has validated. @param {unknown} answer @returns {ToolResult} */
export function settle(answer) {
  const { action, content } = /** @type {{ action?: unknown, content?: { confirm?: unknown } }} */ (
    answer ?? {}
  );
  if (action === 'accept' && typeof content?.confirm !== 'boolean')
    return failure('The answer needs `confirm` as true or false.');
  const confirmed = action === 'accept' && content?.confirm === true;
  return { ...said(confirmed ? 'Confirmed.' : 'Not confirmed.'), structuredContent: { confirmed } };
}

/** @param {string} text @returns {ToolResult} */
export function said(text) {
  return { content: [{ type: 'text', text }] };
}

/** @param {string} text @returns {ToolResult} */
export function failure(text) {
  return { ...said(text), isError: true };
}
