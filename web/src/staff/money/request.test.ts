import { describe, expect, it } from "vitest";
import { Problem } from "../../api/problem.ts";
import type { OperationPreview } from "../../api/types.ts";
import { isInDoubt, isMore, obstacleOf, readDraft } from "./request.ts";

const DRAFT = { transaction: "261118000486", amount: "", reason: "charged twice" };
const cny = (amount: string) => ({ amount, currency: "CNY" });

const PREVIEW: OperationPreview = {
  transaction: "261118000486",
  captured: cny("199.00"),
  left: cny("199.00"),
  amount: cny("199.00"),
  unfit: null,
  needs: "rule",
  missing: [],
  customer_left: cny("20000.00"),
  maker_left: cny("50000.00"),
};

describe("what an agent typed", () => {
  it("means all that is left where no amount is given", () => {
    expect(readDraft(DRAFT, "ct_1")).toEqual({
      ok: true,
      asked: { type: "refund", contact: "ct_1", transaction: "261118000486", reason: "charged twice" },
    });
  });

  it("is read with groups apart, full-width digits and blanks around it", () => {
    const read = readDraft({ transaction: "２６１１ 1800-0486", amount: " 19.90 ", reason: " 重复扣款 " }, "ct_1");
    expect(read).toMatchObject({ asked: { transaction: "261118000486", amount: "19.90", reason: "重复扣款" } });
  });

  it.each([
    ["a short number", { ...DRAFT, transaction: "48600" }, ["transaction"]],
    ["letters", { ...DRAFT, transaction: "R123456782" }, ["transaction"]],
    ["nothing to give back", { ...DRAFT, amount: "0.00" }, ["amount"]],
    ["a sum with a comma", { ...DRAFT, amount: "1,000" }, ["amount"]],
    ["less than nothing", { ...DRAFT, amount: "-1" }, ["amount"]],
    ["no reason", { ...DRAFT, reason: "  " }, ["reason"]],
    ["nothing at all", { transaction: "", amount: "x", reason: "" }, ["transaction", "amount", "reason"]],
  ])("is not sent with %s", (_what, draft, wrong) => {
    expect(readDraft(draft, "ct_1")).toEqual({ ok: false, wrong });
  });
});

describe("a preview", () => {
  it("may be asked for although evidence and approval are still missing", () => {
    expect(obstacleOf({ ...PREVIEW, needs: "checker", missing: ["evidence", "approval"] })).toBeNull();
  });

  it.each([
    ["unfit", { ...PREVIEW, unfit: "reversed" as const }],
    ["certificate", { ...PREVIEW, missing: ["certificate"] }],
    ["currency", { ...PREVIEW, needs: null, customer_left: null, maker_left: null }],
    ["customer", { ...PREVIEW, customer_left: cny("198.99") }],
    ["maker", { ...PREVIEW, maker_left: cny("0.00") }],
  ])("says why not: %s", (obstacle, preview) => {
    expect(obstacleOf(preview)).toBe(obstacle);
  });
});

it("compares sums digit by digit, beyond what floating point holds", () => {
  expect(isMore(cny("900719925474099.30"), cny("900719925474099.29"))).toBe(true);
  expect(isMore(cny("9.9"), cny("10"))).toBe(false);
  expect(isMore(cny("10"), cny("10.00"))).toBe(false);
});

it("only a refusal says for sure that nothing was asked for", () => {
  expect(isInDoubt(new Problem("unreachable", 0))).toBe(true);
  expect(isInDoubt(new Problem("unavailable", 503))).toBe(true);
  expect(isInDoubt(new TypeError("the answer was cut"))).toBe(true);
  expect(isInDoubt(new Problem("unavailable", 409, null, "customer-limit"))).toBe(false);
});
