/** Asks the same question again, and under other client names: an honest server answers everybody alike. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ProtocolFacts } from '../../facts/protocol.js';
import type { Connection } from '../../wire/connection.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { NEWEST_MODERN } from './modern.js';
import { capabilityNames, isRecord, refusesCaller, serverInfo } from './reading.js';

type Difference = ProtocolFacts['stability']['repeated'][number];

/** Names under which the widespread clients introduce themselves. */
const WELL_KNOWN_CLIENTS = ['claude-ai', 'Visual Studio Code', 'cursor-vscode'] as const;
const VERSION = '1.0.0';
const REPEATS = 3;
const TOOL_PAGES = 100;

/** What one asking got, reduced to what must not change. */
export interface Portrait {
  readonly asker: string;
  readonly protocolVersion: string;
  readonly capabilities: string;
  readonly serverInfo: string;
  /** Digest of the tools, whatever their order; null where none are offered. */
  readonly tools: string | null;
  readonly toolsResult: unknown;
  readonly evidence: readonly string[];
}

/** Legacy: asks `initialize` for `revision`. Modern: asks `server/discover`. Both then list the tools. */
export function portraitExperiments(
  wire: Wire,
  lab: Lab,
  revision: string,
  era: 'legacy' | 'modern',
): Experiment<Portrait>[] {
  const attempts = Array.from({ length: REPEATS }, (_, index) => ({
    asker: `attempt ${index + 1}`,
    client: 'mcp-gate',
    headers: {},
  }));
  // Over HTTP a client is known by two names.
  const names = WELL_KNOWN_CLIENTS.map((client) => ({
    asker: client,
    client,
    headers: { 'user-agent': `${client}/${VERSION}` },
  }));
  return [...attempts, ...names].map(({ asker, client, headers }) => {
    const name = `stability/${asker}`;
    const how = { experiment: lab.nameOf(name), clientInfo: { name: client, version: VERSION }, headers };
    return {
      name,
      run: () =>
        era === 'legacy' ? portrayLegacy(wire, how, asker, revision) : portrayModern(wire, how, asker),
    };
  });
}

interface Client {
  readonly experiment: string;
  readonly clientInfo: { name: string; version: string };
  readonly headers: Headers;
}

type Headers = Readonly<Record<string, string>>;

async function portrayLegacy(
  wire: Wire,
  { headers, ...client }: Client,
  asker: string,
  revision: string,
): Promise<Portrait> {
  const connection = await wire.legacy(client);
  try {
    const { reply, negotiated } = await connection.initialize(revision, { headers });
    if (reply.kind !== 'result' || negotiated === null) {
      throw new Untestable(refusesCaller(reply) ?? `initialize as ${asker} got no result`);
    }
    await connection.initialized();
    return await portray({ connection, headers, asker }, negotiated, reply.result, reply.exchange.id);
  } finally {
    await connection.close();
  }
}

async function portrayModern(wire: Wire, { headers, ...client }: Client, asker: string): Promise<Portrait> {
  const connection = await wire.modern({ ...client, version: NEWEST_MODERN });
  try {
    const reply = await connection.request('server/discover', {}, { headers });
    const refusal =
      reply.kind === 'none' ? `server/discover as ${asker} was not answered` : refusesCaller(reply);
    if (refusal !== null) throw new Untestable(refusal);
    // Where discovery is missing the tools are still comparable; that it is missing is a fact of its own.
    const result = reply.kind === 'result' ? reply.result : { capabilities: { tools: {} } };
    const versions = isRecord(result) ? canonical(result['supportedVersions']) : '';
    return await portray({ connection, headers, asker }, versions, result, reply.exchange.id);
  } finally {
    await connection.close();
  }
}

interface Sitting {
  readonly connection: Connection;
  readonly headers: Headers;
  readonly asker: string;
}

async function portray(
  { connection, headers, asker }: Sitting,
  version: string,
  result: unknown,
  exchange: string,
): Promise<Portrait> {
  const capabilities = capabilityNames(result);
  const listed = capabilities.includes('tools')
    ? await listTools(connection, headers)
    : { digest: null, first: null, evidence: [] };
  return {
    asker,
    protocolVersion: version,
    capabilities: canonical(isRecord(result) ? result['capabilities'] : null),
    serverInfo: canonical(serverInfo(result)),
    tools: listed.digest,
    toolsResult: listed.first,
    evidence: [exchange, ...listed.evidence],
  };
}

/** All tools, however many pages. Throws Untestable where the list does not come or does not end: nothing to compare. */
async function listTools(
  connection: Connection,
  headers: Headers,
): Promise<{ digest: string; first: unknown; evidence: string[] }> {
  const tools: string[] = [];
  const evidence: string[] = [];
  const cursors = new Set<string>();
  let first: unknown = null;
  for (let params = {}; evidence.length < TOOL_PAGES; ) {
    const reply = await connection.request('tools/list', params, { headers });
    evidence.push(reply.exchange.id);
    const result = reply.kind === 'result' && isRecord(reply.result) ? reply.result : {};
    if (!Array.isArray(result['tools']))
      throw new Untestable(refusesCaller(reply) ?? 'it says that it has tools, but tools/list got no list');
    first ??= result;
    tools.push(...result['tools'].map((tool: unknown) => canonical(tool)));
    const cursor = result['nextCursor'];
    if (typeof cursor !== 'string') {
      const digest = createHash('sha256').update(tools.sort().join('\n')).digest('hex');
      return { digest, first, evidence };
    }
    if (cursors.has(cursor)) throw new Untestable('tools/list came back to a cursor it had given before');
    cursors.add(cursor);
    params = { cursor };
  }
  throw new Untestable(`tools/list did not end within ${TOOL_PAGES} pages`);
}

const COMPARED = ['protocolVersion', 'capabilities', 'serverInfo', 'tools'] as const;

/** Every way in which two portraits differ. Tools are compared only where both could be listed. */
export function differences(reference: Portrait, other: Portrait): Difference[] {
  return COMPARED.filter((what) => reference[what] !== other[what])
    .filter((what) => what !== 'tools' || (reference.tools !== null && other.tools !== null))
    .map((what) => ({
      between: [reference.asker, other.asker],
      what,
      evidence: [...reference.evidence, ...other.evidence],
    }));
}

/** Compares repeated askings, then client names; what is unstable by itself proves nothing about names. */
export function compare(portraits: readonly Portrait[]): ProtocolFacts['stability'] {
  const [reference, ...others] = portraits;
  if (reference === undefined) return { repeated: [], byClient: [] };
  const isRepeat = (portrait: Portrait): boolean => portrait.asker.startsWith('attempt ');
  const repeated = others.filter(isRepeat).flatMap((portrait) => differences(reference, portrait));
  const unstable = new Set(repeated.map((difference) => difference.what));
  const byClient = others
    .filter((portrait) => !isRepeat(portrait))
    .flatMap((portrait) => differences(reference, portrait))
    .filter((difference) => !unstable.has(difference.what));
  return { repeated, byClient };
}

/** RFC 8785, so that the order of keys is no difference. */
function canonical(value: unknown): string {
  return canonicalize(value) ?? 'undefined';
}
