/** Every bound on what a candidate can make the gate read, keep or wait for, in one place. */

/** Sizes in bytes, times in milliseconds. */
export interface Limits {
  /** One message: a line on stdio, an SSE event, an HTTP body. */
  readonly messageBytes: number;
  /** Everything read for one exchange. */
  readonly exchangeBytes: number;
  /** What is kept of one body or message text in an exchange. */
  readonly recordedBodyBytes: number;
  readonly messagesPerExchange: number;
  /** Messages and noise lines of one stdio or SSE connection. */
  readonly messagesPerConnection: number;
  /** All headers of one HTTP answer. */
  readonly headerBytes: number;
  /** From the start of a candidate to its very first answer: package runners download on their first start. */
  readonly firstAnswerMs: number;
  /** From sending a request to its answer, the connection included. */
  readonly requestTimeoutMs: number;
  /** After this long without a message a stream counts as quiet. */
  readonly settleMs: number;
  /** How long a second message is waited for once the answer is there and the stream stays open. */
  readonly lingerMs: number;
  /** How long a polite goodbye (DELETE, closed stdin) may take. */
  readonly closeMs: number;
  /** Exchanges kept whole; of later ones only the head is kept. */
  readonly transcriptExchanges: number;
  /** Text kept in the transcript; of later exchanges only the head is kept. */
  readonly transcriptBytes: number;
  /** The longest that one probe may take, however slowly the candidate answers; each has a shorter budget for one that does not. */
  readonly probeMs: number;
  /** For one candidate that answers at once; each of its answers that took time adds to it. */
  readonly budgetMs: number;
  /** The longest that one candidate may take, however slowly it answers. */
  readonly longestRunMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  messageBytes: 4 * 1024 * 1024,
  exchangeBytes: 16 * 1024 * 1024,
  recordedBodyBytes: 16 * 1024,
  messagesPerExchange: 1000,
  messagesPerConnection: 20_000,
  headerBytes: 64 * 1024,
  firstAnswerMs: 30_000,
  requestTimeoutMs: 5000,
  settleMs: 250,
  lingerMs: 25,
  closeMs: 2000,
  transcriptExchanges: 5000,
  transcriptBytes: 64 * 1024 * 1024,
  probeMs: 600_000,
  budgetMs: 600_000,
  longestRunMs: 1_200_000,
};

/** The default limits with some of them replaced. */
export function limitsWith(changes: Partial<Limits>): Limits {
  return { ...DEFAULT_LIMITS, ...changes };
}
