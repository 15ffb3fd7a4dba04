/** What is said to the embedded compiler and what it answers; `compiler/` has the other side. */

/** A place in a policy source. Rows and columns count from 1; a column counts bytes. */
export interface Place {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

/** One thing wrong with the policies. `file` is empty and `row` 0 when it is nowhere in particular. */
export interface Problem extends Place {
  /** OPA's codes (`rego_parse_error`, `eval_conflict_error`, …), or one of ours. */
  readonly code:
    | 'builtin_refused'
    | 'builtin_unknown'
    | 'entrypoint_unknown'
    | 'schema_invalid'
    | 'compiler_error'
    | `rego_${string}`
    | `eval_${string}`;
  readonly message: string;
  readonly details?: readonly string[];
  /** The built-in that was refused, and what to do instead. */
  readonly builtin?: string;
  readonly hint?: string;
}

/** Our fault, not the author's: the artefact is missing, or the compiler broke. */
export class CompilerCrash extends Error {
  override readonly name = 'CompilerCrash';
}

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] }
  | { readonly kind: 'crashed'; readonly crash: CompilerCrash };

/** A JSON Schema, as an object. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Sources {
  /** Rego by path; paths come back as `file`. */
  readonly modules: Readonly<Record<string, string>>;
  /** Narrows the built-ins a policy may use; OPA's capabilities format, of which only the names matter. */
  readonly capabilities?: { readonly builtins: readonly { readonly name: string }[] };
  /** By name, as `schema.<name>` in annotations. */
  readonly schemas?: Readonly<Record<string, Schema>>;
  /** The schema that types `input` where no annotation does; `facts` when there is one. */
  readonly input?: string;
  /** Accepts what strict mode refuses: unused variables and imports. */
  readonly lax?: boolean;
}

export interface BuildRequest extends Sources {
  /** `mcp/gate/deny` for `data.mcp.gate.deny`; a package is as good as a rule. */
  readonly entrypoints: readonly string[];
  /**
   * Leaves every built-in to OPA's WASM that has it, for hosts other than the gate. Else those that it answers otherwise
   * than OPA's evaluator does are asked of the host under names of ours.
   */
  readonly portable?: true;
}

/**
 * Who answers a built-in at run time: `native` the policy's own WASM, `host` the gate from facts it holds,
 * `module` the compiler's `callBuiltin`, some only where the WASM would answer otherwise than OPA's evaluator.
 */
export type Answerer = 'native' | 'host' | 'module';

export interface Package extends Place {
  /** `data.mcp.session` */
  readonly path: string;
}

/** A rule as written; several may share a name. */
export interface RuleSource extends Place {
  readonly package: string;
  readonly name: string;
  readonly kind: 'complete' | 'set' | 'object' | 'function';
  readonly default: boolean;
}

/** One METADATA block; its place is that of what it describes. */
export interface Annotation extends Place {
  readonly path: string;
  readonly scope: 'rule' | 'document' | 'package' | 'subpackages';
  readonly title?: string;
  readonly description?: string;
  readonly entrypoint?: boolean;
  readonly relatedResources?: readonly { readonly ref: string; readonly description?: string }[];
  readonly authors?: readonly { readonly name: string; readonly email?: string }[];
  readonly organizations?: readonly string[];
  readonly custom?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, unknown>>;
}

export interface Checked {
  readonly packages: readonly Package[];
  readonly rules: readonly RuleSource[];
  readonly annotations: readonly Annotation[];
  readonly builtinsUsed: readonly { readonly name: string; readonly answeredBy: Answerer }[];
  /** Where data is read that no rule gives; whether there is any is for whoever supplies the data to say. */
  readonly dataRefs: readonly DataRef[];
}

export interface DataRef extends Place {
  /** As far as it is written down: `["mcp", "config", "minimumProtocolVersion"]`. */
  readonly path: readonly string[];
}

export interface Built extends Checked {
  /** The policy, ready for the WASM host; no data is inside. */
  readonly wasm: Uint8Array;
  readonly entrypoints: readonly string[];
}

export interface Formatted {
  readonly modules: Readonly<Record<string, { readonly source: string; readonly changed: boolean }>>;
}

export interface TestRequest extends Sources {
  /** What `data` holds beside the policies. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** A regular expression over `data.<package>.<test>`. */
  readonly filter?: string;
  /** For each test; five seconds unless given. */
  readonly timeoutMs?: number;
}

/** Policies run in OPA's own evaluator here, the reference for what the WASM must answer. */
export interface Tested {
  readonly tests: readonly TestResult[];
  readonly coverage: Coverage;
}

export interface TestResult extends Place {
  readonly package: string;
  readonly name: string;
  readonly outcome: 'pass' | 'fail' | 'error' | 'skip';
  readonly durationMs: number;
  /** What `print` wrote. */
  readonly output?: string;
  /** For `test_x[note] if …`: each row of the table. */
  readonly cases?: readonly { readonly name: readonly string[]; readonly passed: boolean }[];
  /** The expression that failed, and its source with the values its variables had. */
  readonly failedAt?: Place & { readonly text: string; readonly comparison?: Comparison };
  readonly error?: Problem;
}

/** What a failed expression compared. Values are Rego as text; a side that is undefined has none. */
export interface Comparison {
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in';
  readonly got: ComparedSide;
  readonly expected: ComparedSide;
  /** The first places where two values differ that should be equal. */
  readonly differences?: readonly Difference[];
}

export interface ComparedSide {
  readonly source: string;
  readonly value?: string;
}

/** `{…}.message` is the message of one member of a set; a side that lacks the place has no value. */
export interface Difference {
  readonly at: string;
  readonly got?: string;
  readonly expected?: string;
}

/** Of the policies; files named `*_test.rego` are not counted. Rows include both ends. */
export interface Coverage {
  readonly percentage: number;
  readonly files: Readonly<Record<string, FileCoverage>>;
}

export interface FileCoverage {
  readonly percentage: number;
  readonly covered: readonly Rows[];
  readonly uncovered: readonly Rows[];
}

export interface Rows {
  readonly from: number;
  readonly to: number;
}

export interface ExplainRequest extends Sources {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Sets of findings: `data.mcp.session.deny`. */
  readonly sets: readonly string[];
  /** What `time.now_ns` says, in milliseconds. */
  readonly nowMs?: number;
}

/** Evaluated in OPA's own evaluator, and watched. */
export interface Explained {
  readonly rules: readonly TrueRule[];
}

/** A rule that put a finding into its set, and what was read for it. */
export interface TrueRule extends Place {
  /** `data.mcp.session` */
  readonly package: string;
  /** `deny` */
  readonly name: string;
  readonly finding: unknown;
  readonly reads: readonly Read[];
}

/** One value of `input` or `data`, at most as large as what was looked at; the value is shortened Rego text. */
export interface Read {
  readonly path: string;
  /** Empty when there is nothing at the path. */
  readonly value: string;
}

/** What a built-in says. `failed` is what OPA makes undefined, with the reason it had; where it halts, OPA gives up. */
export type Answer<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'failed'; readonly reason: string; readonly halts?: true };

/** For OPA's own evaluator, without compiling to WASM. */
export interface Question extends Sources {
  /** `mcp/gate/deny` for `data.mcp.gate.deny`. */
  readonly entrypoint: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** A Rego value as text; without it, input is undefined. */
  readonly input?: string;
}

/** One of `term`, `undefined` and `error`. */
export interface Interpreted {
  /** A Rego value as text. */
  readonly term?: string;
  readonly undefined?: true;
  readonly error?: Problem;
  /** What `print` wrote. */
  readonly output?: string;
}

export interface Versions {
  readonly opa: string;
  readonly go: string;
  readonly builtins: {
    readonly native: readonly string[];
    readonly host: readonly string[];
    readonly module: readonly string[];
    /** Gone after compiling: `print`, `rego.metadata.rule`, … */
    readonly erased: readonly string[];
    readonly refused: readonly string[];
  };
}
