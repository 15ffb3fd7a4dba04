/** One thing the gate did to the candidate and what came back: the unit of evidence. */

export type Principal = string;

/** Why the wait for an answer ended. */
export type Ending =
  | 'answered'
  | 'timeout'
  | 'closed'
  | 'unreachable'
  | 'too-large'
  | 'too-many'
  | 'exited'
  | 'cancelled';

/** A JSON-RPC message as the candidate sent it: parsed, but not trusted to be one. */
export interface Received {
  /** Milliseconds since the run started. */
  readonly at: number;
  /** The JSON value; undefined when the bytes were no JSON. */
  readonly value: unknown;
  /** The text, cut to the limit. */
  readonly text: string;
  /** SSE fields, where the message came in an event stream. */
  readonly event?: { readonly name: string; readonly id: string | null };
}

/** What is kept of one exchange. Bodies are cut to the limit; credentials are masked by the recorder. */
export interface Exchange {
  /** "x1", "x2", … in the order they began. */
  readonly id: string;
  /** Milliseconds since the run started. */
  readonly at: number;
  readonly durationMs: number;
  /** The experiment it belongs to: "protocol/initialize". */
  readonly experiment: string;
  /** "c1", "c2", …: one isolated client. */
  readonly connection: string;
  readonly principal: Principal;
  readonly request: {
    readonly transport: 'http' | 'stdio';
    readonly method: string | null;
    readonly url: string | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
    /** JSON-RPC method and id, when the body was one message that had them. */
    readonly rpcMethod: string | null;
    readonly rpcId: string | number | null;
  };
  readonly answer: {
    readonly ending: Ending;
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    /** The raw body where it was no stream, cut to the limit. */
    readonly body: string | null;
    readonly messages: readonly Received[];
    readonly problem: string | null;
  };
}

/** The JSON-RPC reading of an exchange that was a request. */
export type Reply =
  | { readonly kind: 'result'; readonly result: unknown; readonly exchange: Exchange }
  | {
      readonly kind: 'error';
      readonly code: number | null;
      readonly message: string;
      readonly data: unknown;
      readonly exchange: Exchange;
    }
  /** An HTTP status without a JSON-RPC answer to this request. */
  | { readonly kind: 'http'; readonly status: number; readonly exchange: Exchange }
  /** Something came back that is no answer to this request: wrong id, no JSON, neither result nor error. */
  | { readonly kind: 'malformed'; readonly problem: string; readonly exchange: Exchange }
  /** Nothing came back; the ending says why. */
  | { readonly kind: 'none'; readonly ending: Exclude<Ending, 'answered'>; readonly exchange: Exchange };
