import { describe, expect, it } from "vitest";
import { phone as en } from "../../i18n/en/phone.ts";
import { FAULTS, OPERATIONS, orderOf } from "./faults.ts";

describe("faults of the wallet", () => {
  it("are all named", () => {
    expect(Object.keys(en.controls.operations).sort()).toEqual([...OPERATIONS].sort());
    expect(Object.keys(en.controls.kinds).sort()).toEqual([...FAULTS].sort());
  });

  it("become an order", () => {
    expect(orderOf("freeze", "late", " 2 ")).toEqual({ order: { operation: "freeze", fault: "late", count: 2 } });
    expect(orderOf("any", "late", "1")).toHaveProperty("order");
  });

  it.each(["transaction", "heartbeat"] as const)("cannot make %s late", (operation) => {
    expect(orderOf(operation, "late", "1")).toEqual({ wrong: "lateHint" });
  });

  it.each(["", "0", "-1", "1.5", "101", "1e2", "abc"])("cannot happen %j times", (count) => {
    expect(orderOf("freeze", "fail", count)).toEqual({ wrong: "countHint" });
  });
});
