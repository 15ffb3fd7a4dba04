/** What a manifest asks for, after parsing: one `ServerPlan` for each candidate, with the way back to its lines. */

/** A place in a file the user wrote. Lines and columns count from 1; `file` is relative to the working directory. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type TransportType = 'stdio' | 'streamable-http' | 'sse';

/**
 * A candidate the gate starts itself. `command` and the values of `env` are templates: they may still hold `${port}`,
 * `${host}` and `${identity.…}`, and `$${` for a literal `${`; pass each through `fillTemplate` (templates.ts) before use.
 */
export interface CommandRun {
  readonly kind: 'command';
  readonly command: readonly [string, ...string[]];
  /** Absolute; the manifest's folder unless it says otherwise. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The only variables taken over from the runner's environment. */
  readonly passEnv: readonly string[];
}

/** A candidate that already runs. `url` and `headers` are final: nothing is left to fill in. */
export interface UrlRun {
  readonly kind: 'url';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The manifest allows traffic to a host that is not this machine. */
  readonly remote: boolean;
}

export interface TransportPlan {
  readonly type: TransportType;
  /** Path of the MCP endpoint (`/mcp`), or of the event stream for `sse` (`/sse`), with its query; empty on stdio. */
  readonly path: string;
  /** Host name to use in requests; null lets the gate find out which one the server accepts. */
  readonly host: string | null;
}

/** A value the manifest names by its environment variable, read when the manifest was. Never written to any output. */
export interface NamedSecret {
  readonly variable: string;
  readonly value: string;
}

/** Principals whose tokens a pipeline can bring along (provider `tokens`); the others are made from them or need none. */
export type SuppliedPrincipal =
  | 'alice'
  | 'alice-refreshed'
  | 'alice-other-client'
  | 'bob'
  | 'bob-refreshed'
  | 'wrong-audience'
  | 'wrong-issuer'
  | 'expired'
  | 'not-yet-valid'
  | 'low-scope';

export interface ClientCredentials {
  readonly id: NamedSecret;
  /** Null for a public client. */
  readonly secret: NamedSecret | null;
}

export interface AuthorizationPlan {
  readonly provider: 'embedded' | 'discovered' | 'tokens' | 'none';
  readonly scopes: readonly string[];
  /** Issuers beyond this machine that the gate may fetch from and log in at. */
  readonly issuers: readonly string[];
  /** `tokens` only; has at least alice and bob then, and is empty otherwise. */
  readonly tokens: ReadonlyMap<SuppliedPrincipal, NamedSecret>;
  /** `discovered` only: registered clients, the first for client A, the second for client B. Empty: register dynamically. */
  readonly clients: readonly ClientCredentials[];
}

export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface ExerciseStep extends ToolCall {
  readonly expect: 'elicitation' | 'task' | 'result' | null;
}

/** A tool call and the JSON pointer into its result where something is found. */
export interface PointedCall extends ToolCall {
  readonly pointer: string;
}

/** A tool that mints a state handle and one that takes it; `${handle}` stands in `use.arguments` where it goes. */
export interface HandlePlan {
  readonly mint: PointedCall;
  readonly use: ToolCall;
}

export interface Claims {
  readonly protocolVersions: readonly string[];
  readonly capabilities: readonly string[];
  readonly elicitationOrigins: readonly string[];
  /** Seconds that a `requestState` is good for. */
  readonly requestStateSeconds?: number | undefined;
}

export interface ServerPlan {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The manifest's path, relative to the working directory. */
  readonly manifest: string;
  readonly run: CommandRun | UrlRun;
  readonly transport: TransportPlan;
  readonly authorization: AuthorizationPlan;
  readonly exercise: readonly ExerciseStep[] | 'auto';
  readonly handles: readonly HandlePlan[];
  /** A tool that tells who the server thinks its caller is, or null. */
  readonly whoami: PointedCall | null;
  readonly declares: Claims;
  /** Absolute paths of the files a manifest names, or null. */
  readonly serverJson: string | null;
  readonly lock: string | null;
  readonly sbom: string | null;
  readonly registryName: string | null;
  /**
   * Values that came from the environment: mask them wherever candidate text or this plan is printed. Shorter ones than
   * six characters are left out: they are settings, and masking `1` would garble every output.
   */
  readonly secrets: readonly string[];
  /** The manifest as policies see it (`input.manifest`): native form, defaults filled in, variables not. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Line of a JSON pointer into `document`, or of its nearest ancestor the user wrote. Never throws. */
  locate(pointer: string): Location;
}

/** Everything one run has to gate. */
export interface Plan {
  readonly servers: readonly ServerPlan[];
}
