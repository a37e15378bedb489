// Of all tabs with the desk open, one holds the calls: two would fight for the microphone and ring twice. The others
// wait, and may take over when the reader says so. The holder must let go of everything when it loses the lock.

export type TabState = "asking" | "holding" | "elsewhere";

const LOCK = "walletline-desk";

/** An unused lock is granted within a task or two; after this long, milliseconds, another tab holds it. */
const GRANT_MS = 250;

export class TabLock {
  #locks: LockManager | undefined;
  #state: TabState = "asking";
  #listeners = new Set<() => void>();
  #release: (() => void) | null = null;
  #waiting: AbortController | null = null;

  /** `locks` is undefined where the browser has none: then this tab simply holds. */
  constructor(locks: LockManager | undefined) {
    this.#locks = locks;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): TabState => this.#state;

  /** Takes the lock when it is free, now or later. */
  ask(): void {
    if (!this.#locks) {
      this.#set("holding");
      return;
    }
    const signal = this.#wait();
    setTimeout(() => {
      if (!signal.aborted && this.#state === "asking") this.#set("elsewhere");
    }, GRANT_MS);
  }

  /** Takes the lock from whichever tab holds it. */
  takeOver(): void {
    this.#waiting?.abort();
    this.#request({ steal: true });
  }

  /** Lets go, so that another tab may hold it. */
  leave(): void {
    this.#waiting?.abort();
    this.#release?.();
    this.#release = null;
    this.#set("asking");
  }

  /** Stands in line: granted when the holder closes or leaves. */
  #wait(): AbortSignal {
    this.#waiting = new AbortController();
    const { signal } = this.#waiting;
    this.#request({ signal });
    return signal;
  }

  #request(options: LockOptions): void {
    this.#locks
      ?.request(LOCK, options, () => {
        this.#waiting = null;
        this.#set("holding");
        return new Promise<void>((resolve) => {
          this.#release = resolve;
        });
      })
      .catch(() => {
        // Either our own waiting was cut short, or another tab took the lock from us.
        if (this.#state !== "holding" || options.signal?.aborted) return;
        this.#release = null;
        this.#set("elsewhere");
        this.#wait();
      });
  }

  #set(state: TabState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
