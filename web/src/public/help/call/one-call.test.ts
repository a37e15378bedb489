import { describe, expect, it } from "vitest";
import { takePlace } from "./one-call.ts";

/** Locks as browsers have them, for one name. */
function locks(): LockManager {
  let held = false;
  const request = async (_: string, __: LockOptions, use: (lock: object | null) => unknown) => {
    if (held) return use(null);
    held = true;
    await use({});
    held = false;
  };
  return { request } as unknown as LockManager;
}

describe("the place for a call", () => {
  it("is held by one tab until it leaves", async () => {
    const shared = locks();
    const leave = await takePlace(shared);
    expect(leave).not.toBeNull();
    expect(await takePlace(shared)).toBeNull();
    leave?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(await takePlace(shared)).not.toBeNull();
  });

  it("is each tab's own where there are no locks", async () => {
    expect(await takePlace(undefined)).not.toBeNull();
    expect(await takePlace(undefined)).not.toBeNull();
  });
});
