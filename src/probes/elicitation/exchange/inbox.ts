/** What the server sends on its own on one connection, kept until somebody takes it. */
import type { ServerMessage } from '../../../wire/connection.js';
import { isObject } from '../../../wire/message.js';

/** Messages kept while nobody takes them. */
const KEPT = 200;
const COMPLETIONS = 100;

/** A request of the server, with the moment it came. */
export interface ServerRequest extends ServerMessage {
  readonly id: string | number;
  readonly at: number;
}

export class Inbox {
  readonly completed = new Set<string>();
  /** Requests beyond those kept. */
  lost = 0;
  /** `performance.now()` of the last sign of life. */
  lastHeard = performance.now();
  #requests: ServerRequest[] = [];
  #wake: () => void = () => undefined;

  /** @param now milliseconds since the run started */
  constructor(private readonly now: () => number) {}

  /** A call begins: what was lost before, and how long it has been quiet, is no longer of interest. */
  begin(): void {
    this.lost = 0;
    this.lastHeard = performance.now();
  }

  /** The handler for `onServerMessage`. */
  receive(message: ServerMessage): 'taken' | undefined {
    this.lastHeard = performance.now();
    const { id, method, params } = message;
    if (method === 'ping') return undefined;
    if (id === null) {
      this.#note(method, params);
      return 'taken';
    }
    if (this.#requests.length < KEPT) this.#requests.push({ ...message, id, at: this.now() });
    else this.lost += 1;
    this.#wake();
    return 'taken';
  }

  /** Resolves when a request is there. */
  arrival(): Promise<'asked'> {
    if (this.#requests.length > 0) return Promise.resolve('asked');
    return new Promise((resolve) => {
      this.#wake = () => resolve('asked');
    });
  }

  /** Takes everything that is there. */
  take(): readonly ServerRequest[] {
    const taken = this.#requests;
    this.#requests = [];
    return taken;
  }

  #note(method: string, params: unknown): void {
    if (method !== 'notifications/elicitation/complete' || !isObject(params)) return;
    const { elicitationId } = params;
    if (typeof elicitationId === 'string' && this.completed.size < COMPLETIONS)
      this.completed.add(elicitationId);
  }
}
