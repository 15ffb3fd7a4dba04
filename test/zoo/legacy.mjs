/** The legacy era, on the SDK's v1 server, behind a seam that decides versions and applies faults. Specification: 2025-11-25 basic/lifecycle. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { negotiate, shapeResult } from './answers.mjs';
import { callerOf } from './authorize.mjs';
import { isResponse } from './binding.mjs';
import { collect, hand } from './crossing.mjs';
import { declares, takenFor } from './elicitation.mjs';
import { answerLegacy } from './tasks.mjs';
import { callTool, failure, SERVER_INFO, TASK_TOOL, toolsOf } from './tools.mjs';

const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;
/** How long a user may think about a question. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * Connects a fresh server to a transport of the SDK (or anything shaped like one).
 * @param {import('@modelcontextprotocol/sdk/shared/transport.js').Transport} transport
 * @param {import('./world.mjs').World} world
 * @returns {Promise<LegacySeam>}
 */
export async function serveLegacy(transport, world) {
  const server = new Server(SERVER_INFO, { capabilities: { tools: {}, logging: {} } });
  const seam = new LegacySeam(transport, world);
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: toolsAsTasks(world.switches) }));
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const ask = async (/** @type {import('./elicitation.mjs').Talk} */ talk) => {
      const { elicitation: declared } = server.getClientCapabilities() ?? {};
      if (!declares(declared, talk.mode) || (talk.mode === 'url' && String(seam.version) < '2025-11-25'))
        return failure('This client cannot ask its user.');
      if (talk.byError) {
        const data = { elicitations: [talk.request('legacy')] };
        throw new McpError(ErrorCode.UrlElicitationRequired, 'Connect your account first.', data);
      }
      for (;;) {
        const asked = { method: /** @type {const} */ ('elicitation/create'), params: talk.request('legacy') };
        const sent = extra.sendRequest(/** @type {any} */ (asked), ResultSchema, {
          timeout: ANSWER_WITHIN_MS,
          signal: extra.signal,
        });
        const settled = talk.settle(await sent);
        if (settled !== null) return settled;
      }
    };
    const announce = (/** @type {string} */ text) => {
      for (const reached of world.switches.events === 'broadcast' ? world.seams : [seam])
        reached.announce(text);
    };
    const context = { caller: callerOf(extra.authInfo), world, ask, announce };
    const result = await callTool(request.params, context);
    if (result === null) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${request.params.name}`);
    return /** @type {any} */ (result);
  });
  await server.connect(/** @type {any} */ (seam));
  return seam;
}

/** In this era a tool says that it is to be had as a task. @param {import('./switches.mjs').Switches} switches @returns {any[]} */
function toolsAsTasks(switches) {
  return toolsOf(switches).map((tool) =>
    tool.name === TASK_TOOL ? { ...tool, execution: { taskSupport: 'required' } } : tool,
  );
}

/** Sits between the SDK's server and its transport: the SDK knows neither our list of versions nor our faults. */
export class LegacySeam {
  /** Version agreed on; null before `initialize`. @type {string | null} */
  version = null;
  #client = '';
  #canAsk = false;
  /** Who shook hands. */
  #caller = callerOf(undefined);
  /** What tasks asked the client. @type {Map<unknown, (answer: unknown) => void>} */
  #awaited = new Map();
  #inner;
  #world;
  /** Requests in flight. @type {Map<string | number, { method: string, requested: string }>} */
  #asked = new Map();

  /** @param {any} inner @param {import('./world.mjs').World} world */
  constructor(inner, world) {
    this.#inner = inner;
    this.#world = world;
  }

  /** Set by the SDK's server. @type {((message: any, extra?: any) => void) | undefined} */
  onmessage;
  /** @type {(() => void) | undefined} */
  onclose;
  /** @type {((error: Error) => void) | undefined} */
  onerror;

  get sessionId() {
    return this.#inner.sessionId;
  }

  async start() {
    this.#world.seams.add(this);
    this.#inner.onmessage = (/** @type {any} */ message, /** @type {any} */ extra) =>
      this.#receive(message, extra);
    this.#inner.onclose = () => {
      this.#world.seams.delete(this);
      this.onclose?.();
    };
    this.#inner.onerror = (/** @type {Error} */ error) => this.onerror?.(error);
    await this.#inner.start();
  }

  async close() {
    await this.#inner.close();
  }

  /** @param {any} message @param {any} [options] */
  async send(message, options) {
    const asked = this.#asked.get(message.id);
    if (asked === undefined || message.method !== undefined) return this.#inner.send(message, options);
    this.#asked.delete(message.id);
    const { result } = message;
    if (result === undefined) return this.#inner.send(message, options);
    const { switches } = this.#world;
    const shaped = shapeResult(asked.method, result, this.#client, switches);
    if (asked.method === 'tools/call' && switches.routing === 'by-request-id')
      return hand(this.#world, { ...message, result: shaped });
    if (asked.method !== 'initialize') return this.#inner.send({ ...message, result: shaped }, options);
    const version = negotiate(asked.requested, switches);
    if (version === null) return;
    this.version = String(version);
    const { tasks } = this.#world;
    const capabilities = {
      ...shaped['capabilities'],
      ...(tasks.offered && tasks.capabilities(this.#caller)),
    };
    return this.#inner.send(
      { ...message, result: { ...shaped, capabilities, protocolVersion: version } },
      options,
    );
  }

  /** A log message on the stream that belongs to no request. @param {string} text */
  announce(text) {
    const params = { level: 'info', logger: 'zoo', data: text };
    void this.#inner.send({ jsonrpc: '2.0', method: 'notifications/message', params });
  }

  /** An answer that came over somebody else's connection; only with a fault. @param {any} message */
  deliver(message) {
    this.onmessage?.(message);
  }

  /** @param {any} message @param {any} extra */
  #receive(message, extra) {
    const { id, method, params } = message;
    if (this.#awaited.has(id) && isResponse(message)) {
      this.#awaited.get(id)?.(message.result);
      this.#awaited.delete(id);
      return;
    }
    if (isResponse(message) && this.#world.switches.answers === 'from-anybody') {
      for (const seam of this.#world.seams) seam.deliver(message);
      return;
    }
    if (method === undefined || id === undefined) return this.onmessage?.(message, extra);
    if (method === 'initialize' && typeof params?.protocolVersion !== 'string') {
      return this.#refuse(id, INVALID_PARAMS, 'initialize needs params.protocolVersion as a string');
    }
    if (method !== 'initialize' && method !== 'ping' && this.version === null) {
      return this.#refuse(id, INVALID_REQUEST, `${method} before initialize`);
    }
    if (method === 'initialize') {
      this.#client = String(params.clientInfo?.name ?? '');
      this.#canAsk = declares(params.capabilities?.elicitation, 'form');
      this.#caller = callerOf(extra?.authInfo);
      params.capabilities = takenFor(params.capabilities, this.#world.switches);
    }
    const answer = this.#answerTask(message, callerOf(extra?.authInfo));
    if (answer !== null) {
      void answer.then((told) => this.#inner.send({ jsonrpc: '2.0', id, ...told }));
      return;
    }
    if (method === 'tools/call') collect(this.#world, message, (answer) => void this.#inner.send(answer));
    this.#asked.set(id, { method, requested: String(params?.protocolVersion ?? '') });
    return this.onmessage?.(message, extra);
  }

  /** @param {any} message @param {import('./authorize.mjs').Caller} caller */
  #answerTask(message, caller) {
    const ask = (/** @type {Record<string, any>} */ params) =>
      new Promise((resolve) => {
        const id = `zoo-${this.#awaited.size + 1}-${message.id}`;
        this.#awaited.set(id, resolve);
        const asked = { jsonrpc: '2.0', id, method: 'elicitation/create', params };
        void this.#inner.send(asked, { relatedRequestId: message.id });
      });
    const answer = answerLegacy(message, { caller, world: this.#world, canAsk: this.#canAsk, ask });
    return answer === null ? null : Promise.resolve(answer);
  }

  /** @param {string | number} id @param {number} code @param {string} message */
  #refuse(id, code, message) {
    void this.#inner.send({ jsonrpc: '2.0', id, error: { code, message } });
  }
}
