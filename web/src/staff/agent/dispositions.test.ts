import { describe, expect, it } from "vitest";
import type { Service } from "../../api/types.ts";
import { AGENT_CODES, RANKED, rankedCodes } from "./dispositions.ts";

const SERVICES: (Service | null)[] = ["account", "transactions", "security", "refunds", "features", "freeze", null];

describe("results", () => {
  it.each(SERVICES)("for %s: every code once, six different in front", (service) => {
    const codes = rankedCodes(service);
    expect([...codes].sort()).toEqual([...AGENT_CODES].sort());
    expect(new Set(codes.slice(0, RANKED)).size).toBe(RANKED);
  });

  it("puts the act of the service first", () => {
    expect(rankedCodes("freeze")[0]).toBe("account_frozen");
    expect(rankedCodes("refunds")[0]).toBe("refund_requested");
  });
});
