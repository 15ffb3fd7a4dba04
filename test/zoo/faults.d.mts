export type Transport = 'stdio' | 'streamable-http' | 'sse';
export type Era = 'legacy' | 'modern' | 'both';
/** oauth: a resource server of the embedded issuer. */
export type Authorization = 'none' | 'oauth';

export interface Fault {
  /** The rule it is about. */
  readonly id: string;
  /** Another way to break the same rule. */
  readonly variant?: string;
  readonly transports: readonly Transport[];
  /** `sse` is always legacy. */
  readonly eras: readonly Era[];
  readonly set: Readonly<Record<string, unknown>>;
  /** Claims added to the manifest. */
  readonly manifest?: {
    readonly protocolVersions?: readonly string[];
    readonly capabilities?: readonly string[];
    readonly elicitationOrigins?: readonly string[];
  };
  /** Tools that the manifest says ask the user. */
  readonly triggers?: readonly string[];
  /** The allow list of the policy data, where it is not that of the faultless server. */
  readonly listed?: readonly object[];
  /** How the server must run for the fault to be seen; left out where it does not matter. */
  readonly authorization?: Authorization;
  /** What `mcp.config` of the policy data must say for the rule to fire. */
  readonly policyConfig?: { readonly sessionBinding: 'credential' };
  /** Rules that must fire, beside BASELINE. */
  readonly fires: readonly string[];
  readonly why: string;
}

/** What fires for the faultless server already, by transport. */
export const BASELINE: Readonly<Record<Transport, readonly string[]>>;
export const FAULTS: readonly Fault[];
/** Faults that facts record and no rule judges yet; not part of the two-way check. */
export const UNJUDGED_FAULTS: readonly Fault[];

/** `<id>` or `<id>:<variant>`. */
export function faultId(fault: Fault): string;
/** Every rule that must fire over this transport, sorted; nothing else may. null: the faultless server. */
export function expectedFindings(fault: Fault | null, transport: Transport): string[];
