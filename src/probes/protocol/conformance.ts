/** The refusals that revision 2026-07-28 prescribes, tried one by one. Specification: 2026-07-28 basic/transports/streamable-http, "Server Validation". */
import type { ProtocolFacts } from '../../facts/protocol.js';
import type { Exchange, Reply } from '../../wire/exchange.js';
import type { ModernConnection } from '../../wire/modern.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { NEWEST_MODERN } from './modern.js';
import {
  HEADER_MISMATCH,
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  refusesCaller,
  supportedInError,
  UNSUPPORTED_PROTOCOL_VERSION,
} from './reading.js';

type Conformance = ProtocolFacts['modern'][number];
type Verdict = Pick<Conformance, 'conforms' | 'httpStatus' | 'errorCode' | 'evidence'>;

interface Case {
  readonly case: Conformance['case'];
  readonly requirement: Conformance['requirement'];
  readonly expected: string;
  readonly on: 'http' | 'every-transport';
  try(connection: ModernConnection, context: Context): Promise<Verdict>;
}

interface Context {
  readonly method: string;
  readonly speaksLegacy: boolean;
  /** The server serves clients older than the version header, so it may take its absence for 2025-03-26. */
  readonly servesHeaderlessClients: boolean;
}

/** A tool that no server has: a check of headers must come before the look-up, and nothing is executed when it does not. */
const NO_SUCH_TOOL = 'mcp-gate-no-such-tool';
const SESSION_HEADER = 'mcp-session-id';
const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';

const CASES: readonly Case[] = [
  {
    case: 'version-header-mismatch',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32020',
    on: 'http',
    try: async (connection, { method, speaksLegacy }) => {
      const headers = { 'mcp-protocol-version': '2025-11-25' };
      const verdict = refusedWith(await connection.request(method, {}, { headers }), HEADER_MISMATCH, 400);
      // Who goes by the header has a request of an older revision before them, refused in the words of that revision.
      const asOlder = speaksLegacy && verdict.conforms === false && verdict.httpStatus === 400;
      return asOlder ? { ...verdict, conforms: null } : verdict;
    },
  },
  {
    case: 'version-header-missing',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32020',
    on: 'http',
    try: async (connection, { method, servesHeaderlessClients }) => {
      const reply = await connection.request(method, {}, { headers: { 'mcp-protocol-version': null } });
      const verdict = refusedWith(reply, HEADER_MISMATCH, 400);
      return servesHeaderlessClients && verdict.conforms === false ? { ...verdict, conforms: null } : verdict;
    },
  },
  {
    case: 'method-header-missing',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32020',
    on: 'http',
    try: async (connection, { method }) =>
      refusedWith(
        await connection.request(method, {}, { headers: { 'mcp-method': null } }),
        HEADER_MISMATCH,
        400,
      ),
  },
  {
    case: 'method-header-wrong',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32020',
    on: 'http',
    try: async (connection, { method }) =>
      refusedWith(
        await connection.request(method, {}, { headers: { 'mcp-method': 'prompts/get' } }),
        HEADER_MISMATCH,
        400,
      ),
  },
  {
    case: 'name-header-missing',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32020',
    on: 'http',
    try: async (connection) => refusedWith(await callNoSuchTool(connection, null), HEADER_MISMATCH, 400),
  },
  {
    case: 'name-header-wrong',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32020',
    on: 'http',
    try: async (connection) =>
      refusedWith(await callNoSuchTool(connection, 'another-tool'), HEADER_MISMATCH, 400),
  },
  {
    case: 'unknown-method',
    requirement: 'MUST',
    expected: 'HTTP 404 and error -32601',
    on: 'every-transport',
    try: async (connection) =>
      refusedWith(await connection.request('mcp-gate/no-such-method'), METHOD_NOT_FOUND, 404),
  },
  {
    case: 'unsupported-version',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32022 that lists the supported revisions',
    on: 'every-transport',
    try: async (connection, { method }) => {
      const version = '2099-12-31';
      const reply = await connection.request(
        method,
        {},
        { headers: { 'mcp-protocol-version': version }, meta: { [VERSION_KEY]: version } },
      );
      const verdict = refusedWith(reply, UNSUPPORTED_PROTOCOL_VERSION, 400);
      return { ...verdict, conforms: verdict.conforms && supportedInError(reply).length > 0 };
    },
  },
  {
    case: 'meta-missing',
    requirement: 'MUST',
    expected: 'HTTP 400 and error -32602',
    on: 'every-transport',
    try: async (connection, { method }) =>
      refusedWith(
        await connection.request(
          method,
          {},
          { meta: { 'io.modelcontextprotocol/clientCapabilities': null } },
        ),
        INVALID_PARAMS,
        400,
      ),
  },
  {
    case: 'session-header-echoed',
    requirement: 'SHOULD',
    expected: 'the request is served and no Mcp-Session-Id comes back',
    on: 'http',
    try: async (connection, { method }) => {
      const reply = await connection.request(
        method,
        {},
        { headers: { [SESSION_HEADER]: 'mcp-gate-session' } },
      );
      if (refusesCaller(reply) !== null) return plain(reply);
      const served = reply.kind === 'result';
      return {
        ...plain(reply),
        conforms: served && reply.exchange.answer.headers[SESSION_HEADER] === undefined,
      };
    },
  },
];

/** Each case on a connection of its own, between two controls: a right request before and after. */
export function conformanceExperiments(wire: Wire, lab: Lab, context: Context): Experiment<Conformance>[] {
  const http = wire.transport === 'streamable-http';
  const cases = CASES.filter((entry) => http || entry.on === 'every-transport');
  const requests = cases.map((entry): Experiment<Conformance> => {
    const name = `modern/${entry.case}`;
    return {
      name,
      run: async () => {
        const connection = await wire.modern({ experiment: lab.nameOf(name), version: NEWEST_MODERN });
        try {
          await control(connection, context.method, 'before');
          const verdict = await entry.try(connection, context);
          await control(connection, context.method, 'after');
          // Only HTTP has a status; elsewhere the error alone is asked for.
          const expected = http ? entry.expected : entry.expected.replace(/^HTTP \d+ and /, '');
          return { case: entry.case, requirement: entry.requirement, expected, ...verdict };
        } finally {
          await connection.close();
        }
      },
    };
  });
  // A dual-era server serves GET and DELETE to legacy clients, so only a modern-only one has to refuse them.
  return http && !context.speaksLegacy ? [...requests, ...refusedMethods(wire, lab)] : requests;
}

function refusedMethods(wire: Wire, lab: Lab): Experiment<Conformance>[] {
  return (['GET', 'DELETE'] as const).map((method) => {
    const entry = method === 'GET' ? ('get' as const) : ('delete' as const);
    const name = `modern/${entry}`;
    return {
      name,
      run: async () => {
        const exchange = await wire.http({
          experiment: lab.nameOf(name),
          method,
          path: wire.path,
          headers: { accept: 'application/json, text/event-stream', 'mcp-protocol-version': NEWEST_MODERN },
        });
        return { case: entry, requirement: 'SHOULD', expected: 'HTTP 405', ...refusedMethod(exchange) };
      },
    };
  });
}

function refusedMethod(exchange: Exchange): Verdict {
  const { status } = exchange.answer;
  return {
    conforms: status === null ? null : status === 405,
    httpStatus: status,
    errorCode: null,
    evidence: [exchange.id],
  };
}

async function control(connection: ModernConnection, method: string, when: string): Promise<void> {
  const reply = await connection.request(method);
  if (reply.kind === 'result') return;
  throw new Untestable(
    refusesCaller(reply) ?? `the control ${when} the attempt failed: a right ${method} got no result`,
  );
}

function callNoSuchTool(connection: ModernConnection, header: string | null): Promise<Reply> {
  return connection.request(
    'tools/call',
    { name: NO_SUCH_TOOL, arguments: {} },
    { headers: { 'mcp-name': header } },
  );
}

function plain(reply: Reply): Verdict {
  return {
    conforms: null,
    httpStatus: reply.exchange.answer.status,
    errorCode: reply.kind === 'error' ? reply.code : null,
    evidence: [reply.exchange.id],
  };
}

/** Whether the reply is the prescribed error; the HTTP status counts only where there is one. */
function refusedWith(reply: Reply, code: number, status: number): Verdict {
  const found = plain(reply);
  if (refusesCaller(reply) !== null || reply.kind === 'none') return found;
  const rightStatus = found.httpStatus === null || found.httpStatus === status;
  return { ...found, conforms: found.errorCode === code && rightStatus };
}
