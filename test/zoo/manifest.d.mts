import type { Era, Fault, Transport } from './faults.mjs';

/** YAML manifest of the faultless server, or of one with a fault. */
export function zooManifest(options: { fault?: Fault | null; transport: Transport; era: Era }): string;

/** YAML manifest of a hostile server of hostile/table.mjs. */
export function hostileManifest(options: { id: string; transport: Transport }): string;
