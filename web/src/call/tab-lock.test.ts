import { describe, expect, it, vi } from "vitest";
import { TabLock } from "./tab-lock.ts";

/** The browser's lock manager for one name: a holder, a line, and stealing. */
class FakeLocks {
  #holder: { reject: (error: Error) => void } | null = null;
  #line: (() => void)[] = [];

  request = (_name: string, options: LockOptions, granted: () => Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const grant = () => {
        const holder = { reject };
        this.#holder = holder;
        void granted().then(() => {
          if (this.#holder === holder) this.#free();
          resolve();
        });
      };
      if (options.steal) {
        this.#holder?.reject(new DOMException("stolen", "AbortError"));
        grant();
        return;
      }
      options.signal?.addEventListener("abort", () => {
        this.#line = this.#line.filter((waiting) => waiting !== grant);
        reject(new DOMException("aborted", "AbortError"));
      });
      if (this.#holder) this.#line.push(grant);
      else queueMicrotask(grant);
    });

  #free() {
    this.#holder = null;
    this.#line.shift()?.();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function tabs() {
  const locks = new FakeLocks() as unknown as LockManager;
  return [new TabLock(locks), new TabLock(locks)] as const;
}

describe("the tab lock", () => {
  it("is held by the first tab; the second is told", async () => {
    const [first, second] = tabs();
    first.ask();
    await settle();
    second.ask();
    await vi.waitFor(() => expect(second.state()).toBe("elsewhere"));
    expect(first.state()).toBe("holding");
  });

  it("passes on when the holder leaves", async () => {
    const [first, second] = tabs();
    first.ask();
    await settle();
    second.ask();
    await vi.waitFor(() => expect(second.state()).toBe("elsewhere"));
    first.leave();
    await vi.waitFor(() => expect(second.state()).toBe("holding"));
  });

  it("can be taken over, and comes back when the new holder leaves", async () => {
    const [first, second] = tabs();
    first.ask();
    await settle();
    second.ask();
    await vi.waitFor(() => expect(second.state()).toBe("elsewhere"));
    second.takeOver();
    await vi.waitFor(() => expect(second.state()).toBe("holding"));
    await vi.waitFor(() => expect(first.state()).toBe("elsewhere"));
    second.leave();
    await vi.waitFor(() => expect(first.state()).toBe("holding"));
  });

  it("simply holds where the browser has no locks", () => {
    const tab = new TabLock(undefined);
    tab.ask();
    expect(tab.state()).toBe("holding");
  });
});
