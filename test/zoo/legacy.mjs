/** The legacy era, on the SDK's v1 server, behind a seam that decides versions and applies faults. Specification: 2025-11-25 basic/lifecycle. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { negotiate, shapeResult } from './answers.mjs';
import { callerOf } from './authorize.mjs';
import { callTool, SERVER_INFO, TOOLS } from './tools.mjs';

const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;

/**
 * Connects a fresh server to a transport of the SDK (or anything shaped like one).
 * @param {import('@modelcontextprotocol/sdk/shared/transport.js').Transport} transport
 * @param {import('./switches.mjs').Switches} switches
 * @returns {Promise<LegacySeam>}
 */
export async function serveLegacy(transport, switches) {
  const server = new Server(SERVER_INFO, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: /** @type {any} */ (TOOLS) }));
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => {
    const result = callTool(request.params, callerOf(extra.authInfo));
    if (result === null) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${request.params.name}`);
    return result;
  });
  const seam = new LegacySeam(transport, switches);
  await server.connect(/** @type {any} */ (seam));
  return seam;
}

/** Sits between the SDK's server and its transport: the SDK knows neither our list of versions nor our faults. */
export class LegacySeam {
  /** Version agreed on; null before `initialize`. @type {string | null} */
  version = null;
  #client = '';
  #inner;
  #switches;
  /** Requests in flight. @type {Map<string | number, { method: string, requested: string }>} */
  #asked = new Map();

  /** @param {any} inner @param {import('./switches.mjs').Switches} switches */
  constructor(inner, switches) {
    this.#inner = inner;
    this.#switches = switches;
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
    this.#inner.onmessage = (/** @type {any} */ message, /** @type {any} */ extra) =>
      this.#receive(message, extra);
    this.#inner.onclose = () => this.onclose?.();
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
    const shaped = shapeResult(asked.method, result, this.#client, this.#switches);
    if (asked.method !== 'initialize') return this.#inner.send({ ...message, result: shaped }, options);
    const version = negotiate(asked.requested, this.#switches);
    if (version === null) return;
    this.version = String(version);
    return this.#inner.send({ ...message, result: { ...shaped, protocolVersion: version } }, options);
  }

  /** @param {any} message @param {any} extra */
  #receive(message, extra) {
    const { id, method, params } = message;
    if (method === undefined || id === undefined) return this.onmessage?.(message, extra);
    if (method === 'initialize' && typeof params?.protocolVersion !== 'string') {
      return this.#refuse(id, INVALID_PARAMS, 'initialize needs params.protocolVersion as a string');
    }
    if (method !== 'initialize' && method !== 'ping' && this.version === null) {
      return this.#refuse(id, INVALID_REQUEST, `${method} before initialize`);
    }
    if (method === 'initialize') this.#client = String(params.clientInfo?.name ?? '');
    this.#asked.set(id, { method, requested: String(params?.protocolVersion ?? '') });
    return this.onmessage?.(message, extra);
  }

  /** @param {string | number} id @param {number} code @param {string} message */
  #refuse(id, code, message) {
    void this.#inner.send({ jsonrpc: '2.0', id, error: { code, message } });
  }
}
