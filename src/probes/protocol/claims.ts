/** Sets what others say about the candidate beside what it did. Claims are read, never believed. */
import { readFile } from 'node:fs/promises';
import type { ProtocolFacts } from '../../facts/protocol.js';
import type { ServerPlan } from '../../manifest/plan.js';
import { isRecord, shortTexts } from './reading.js';

type Claim = ProtocolFacts['claims'][number];
type Unchecked = Pick<Claim, 'source' | 'kind' | 'claimed' | 'pointer'>;

export interface Observed {
  readonly supported: readonly string[];
  readonly capabilities: readonly string[];
  readonly evidence: readonly string[];
}

/** Where publishers put what they say of themselves. Source: MCP registry, server.json `_meta`. */
const PUBLISHER_META = 'io.modelcontextprotocol.registry/publisher-provided';

/** Every claim with whether it was observed. Throws when a file the manifest names cannot be read. */
export async function checkClaims(plan: ServerPlan, observed: Observed): Promise<Claim[]> {
  const unchecked = [...manifestClaims(plan), ...(await serverJsonClaims(plan))];
  return unchecked.map((claim) => ({
    ...claim,
    observed: (claim.kind === 'protocolVersion' ? observed.supported : observed.capabilities).includes(
      claim.claimed,
    ),
    evidence: [...observed.evidence],
  }));
}

function manifestClaims(plan: ServerPlan): Unchecked[] {
  const { protocolVersions, capabilities } = plan.declares;
  return [
    ...protocolVersions.map(
      (claimed, index): Unchecked => ({
        source: 'manifest',
        kind: 'protocolVersion',
        claimed,
        pointer: `/spec/declares/protocolVersions/${index}`,
      }),
    ),
    ...capabilities.map(
      (claimed, index): Unchecked => ({
        source: 'manifest',
        kind: 'capability',
        claimed,
        pointer: `/spec/declares/capabilities/${index}`,
      }),
    ),
  ];
}

async function serverJsonClaims(plan: ServerPlan): Promise<Unchecked[]> {
  if (plan.serverJson === null) return [];
  const document: unknown = JSON.parse(await readFile(plan.serverJson, 'utf8'));
  const meta =
    isRecord(document) && isRecord(document['_meta']) ? document['_meta'][PUBLISHER_META] : undefined;
  if (!isRecord(meta)) return [];
  const claims = (kind: Claim['kind'], values: unknown): Unchecked[] =>
    shortTexts(values).map((claimed) => ({
      source: 'server.json',
      kind,
      claimed,
      pointer: '/spec/serverJson',
    }));
  return [
    ...claims('protocolVersion', meta['protocolVersions']),
    ...claims('capability', meta['capabilities']),
  ];
}
