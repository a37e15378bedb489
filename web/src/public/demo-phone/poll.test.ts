import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { poll } from "./poll.ts";

let isHidden = false;
const see = (hidden: boolean) => {
  isHidden = hidden;
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  isHidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => isHidden);
});
afterEach(() => vi.useRealTimers());

describe("poll", () => {
  it("looks at once, then at intervals, until it is stopped", async () => {
    const look = vi.fn(async () => {});
    const stop = poll(look, 1_000);
    expect(look).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(look).toHaveBeenCalledTimes(4);
    stop();
    await vi.advanceTimersByTimeAsync(5_000);
    see(false);
    expect(look).toHaveBeenCalledTimes(4);
  });

  it("rests while the page is hidden and looks at once when it is seen again", async () => {
    const look = vi.fn(async () => {});
    const stop = poll(look, 1_000);
    await vi.advanceTimersByTimeAsync(0);
    see(true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(look).toHaveBeenCalledTimes(1);
    see(false);
    expect(look).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(look).toHaveBeenCalledTimes(3);
    stop();
  });

  it("waits for a slow look before the next one", async () => {
    let end = () => {};
    const look = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const stop = poll(look, 1_000);
    await vi.advanceTimersByTimeAsync(5_000);
    see(false);
    expect(look).toHaveBeenCalledTimes(1);
    end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(look).toHaveBeenCalledTimes(2);
    stop();
  });
});
