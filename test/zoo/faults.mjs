/** The faults: each sets one switch of the faultless server, and names every rule of the built-in pack that must fire for it. */
import { AUTHORIZATION_FAULTS } from './authorizationFaults.mjs';
import { ELICITATION_FAULTS } from './elicitationFaults.mjs';
import { LEGACY, MODERN, NEGOTIATING } from './places.mjs';
import { PROTOCOL_FAULTS } from './protocolFaults.mjs';
import { SESSION_FAULTS } from './sessionFaults.mjs';
import { STATE_FAULTS } from './stateFaults.mjs';
import { TASK_FAULTS } from './taskFaults.mjs';
import { TRANSPORT_FAULTS } from './transportFaults.mjs';

/**
 * @typedef {object} Fault
 * @property {string} id The rule it is about.
 * @property {string} [variant] Another way to break the same rule; `<id>:<variant>` on the command line.
 * @property {('stdio' | 'streamable-http' | 'sse')[]} transports Where the fault can be seen.
 * @property {('legacy' | 'modern' | 'both')[]} eras `sse` is always legacy.
 * @property {Partial<import('./switches.mjs').Switches>} set
 * @property {'none' | 'oauth'} [authorization] How the server must run for the fault to be seen; left out where it does not matter.
 * @property {{ protocolVersions?: string[], capabilities?: string[], elicitationOrigins?: string[] }} [manifest] Claims added to the manifest.
 * @property {string[]} [triggers] Tools that the manifest says ask the user; of elicitation faults, all it exercises.
 * @property {object[]} [listed] The allow list of the policy data, where it is not that of the faultless server.
 * @property {{ sessionBinding: 'credential' }} [policyConfig] What `mcp.config` of the policy data must say for the rule to fire.
 * @property {string[]} fires Rules that must fire, beside those of the transport itself (see BASELINE).
 * @property {string} why What is wrong, as somebody would tell it.
 */

/** What fires for the faultless server already, by transport: HTTP+SSE is a finding by itself. */
export const BASELINE = { stdio: [], 'streamable-http': [], sse: ['transport/deprecated-http-sse'] };

/** Every fault that a rule of the built-in pack must catch. @type {readonly Fault[]} */
export const FAULTS = [
  ...PROTOCOL_FAULTS,
  ...TRANSPORT_FAULTS,
  ...AUTHORIZATION_FAULTS,
  ...SESSION_FAULTS,
  ...STATE_FAULTS,
  ...TASK_FAULTS,
  ...ELICITATION_FAULTS,
];

/** Faults that facts record and no rule judges yet. @type {readonly Fault[]} */
export const UNJUDGED_FAULTS = [
  {
    id: 'fact/batch-accepted',
    transports: NEGOTIATING,
    eras: LEGACY,
    set: { batches: 'accepted' },
    fires: [],
    why: 'Serves a batch, which no revision it speaks allows.',
  },
  {
    id: 'fact/discover-lists-unpublished',
    transports: NEGOTIATING,
    eras: MODERN,
    set: { discover: 'lists-unspoken' },
    fires: [],
    why: 'Lists a revision in server/discover that was never published.',
  },
];

/** How a fault is named on the command line: `<id>` or `<id>:<variant>`. @param {Fault} fault */
export function faultId(fault) {
  return fault.variant === undefined ? fault.id : `${fault.id}:${fault.variant}`;
}

/**
 * Every rule that must fire for a server with this fault over this transport, sorted; nothing else may.
 * @param {Fault | null} fault null: the faultless server
 * @param {'stdio' | 'streamable-http' | 'sse'} transport
 */
export function expectedFindings(fault, transport) {
  return [...new Set([...BASELINE[transport], ...(fault?.fires ?? [])])].sort();
}
