import type { Authorization, Era, Fault, Transport } from './faults.mjs';

/** YAML manifest of the faultless server, or of one with a fault. */
export function zooManifest(options: {
  fault?: Fault | null;
  transport: Transport;
  era: Era;
  /** oauth: a resource server of the embedded issuer. Default: what the fault needs, else none. stdio is always none. */
  authorization?: Authorization;
}): string;

/** Policy data under which a fault is one and the faultless server has none: texts by file name. */
export function zooPolicies(fault: Fault | null): Record<string, string>;

/** YAML manifest of a hostile server of hostile/table.mjs. */
export function hostileManifest(options: { id: string; transport: Transport }): string;
