import { describe, expect, it } from "vitest";
import { firstTab } from "./customer-tabs.ts";

describe("what a contact opens with", () => {
  it.each([
    ["transactions", "payment"],
    ["account", "account"],
    ["security", "account"],
    ["freeze", "account"],
    ["refunds", "refunds"],
    ["features", "payment"],
  ] as const)("%s: %s", (service, tab) => {
    expect(firstTab({ service })).toBe(tab);
  });

  it("is what the customer wrote, whatever it is about", () => {
    const [made_at, expires_at] = ["2026-05-06T10:00:00.000Z", "2026-05-06T12:00:00.000Z"];
    const pass = { id: "cp_1", topic: "account.locked", made_at, expires_at } as const;
    expect(firstTab({ service: "account", pass })).toBe("payment");
  });

  it("is the payment where nothing was said of the reason", () => {
    expect(firstTab({})).toBe("payment");
  });
});
