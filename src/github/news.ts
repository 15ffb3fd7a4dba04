/** Paces what is told of a run while it runs: never too often, always up to the newest state, and nothing after the end. */

export interface News {
  /** There is something new; it is sent now, or with what is new until it may be. */
  tell(): void;
  /** Sends nothing more, and waits for what is under way: after the conclusion it would undo it. */
  end(): Promise<void>;
}

export interface Pace {
  /** Least milliseconds from one sending's end to the next one's start. */
  readonly everyMs: number;
  /** Sendings in all: a repository's jobs share one rate limit. */
  readonly most: number;
}

/** @param send sends what is the state then; what it throws is forgotten, as the next sending has newer news */
export function newsOf(send: () => Promise<void>, { everyMs, most }: Pace): News {
  let waiting = false;
  let timer: NodeJS.Timeout | null = null;
  let underWay: Promise<void> | null = null;
  let left = most;
  let ended = false;

  function next(): void {
    if (ended || !waiting || timer !== null || underWay !== null || left === 0) return;
    waiting = false;
    left -= 1;
    underWay = send()
      .catch(() => undefined)
      .then(() => {
        underWay = null;
        timer = setTimeout(() => {
          timer = null;
          next();
        }, everyMs).unref();
      });
  }

  return {
    tell() {
      waiting = true;
      next();
    },
    async end() {
      ended = true;
      await underWay;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
