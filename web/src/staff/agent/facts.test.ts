import { describe, expect, it } from "vitest";
import type { Level, OperationState } from "../../api/types.ts";
import { isVerified, needOf } from "./assurance.ts";
import { FINDING_SIGNS, findingOf } from "./finding.ts";
import { isOver, OPERATION_SIGNS } from "./operation-signs.ts";
import { readReference } from "./reference.ts";

describe("what may be said of a transaction", () => {
  it.each([
    ["pending", "on_time", "on_time"],
    ["completed", "on_time", "arrived"],
    ["refunded", "on_time", "refunded"],
    ["pending", "late", "late"],
    ["pending", "overdue", "overdue"],
    ["failed", "overdue", "refund_overdue"],
    ["failed", "refund_due", "refund_due"],
    ["failed", "unknown", "failed"],
    ["unknown", "unknown", "unknown"],
    ["pending", "unknown", "unknown"],
    ["completed", "a word of tomorrow", "unknown"],
  ])("%s and %s is %s", (status, verdict, finding) => {
    expect(findingOf({ status, verdict })).toBe(finding);
  });

  it("looks good only where it is", () => {
    const good = Object.entries(FINDING_SIGNS).filter(([, { tone }]) => tone === "ok");
    expect(good.map(([finding]) => finding).sort()).toEqual(["arrived", "on_time", "refunded"]);
  });
});

describe("an act on the wallet", () => {
  it("looks done only when the wallet confirmed it", () => {
    const good = Object.entries(OPERATION_SIGNS).filter(([, { tone }]) => tone === "ok");
    expect(good.map(([state]) => state)).toEqual(["done"]);
  });

  it.each<[OperationState, boolean]>([
    ["committed", false],
    ["sending", false],
    ["unknown", false],
    ["reconciling", false],
    ["done", true],
    ["declined", true],
    ["given_up", true],
  ])("%s is over: %s", (state, over) => {
    expect(isOver(state)).toBe(over);
  });
});

describe("what a level needs", () => {
  it.each<[Level, string[], string | null]>([
    ["A0", [], "needsCode"],
    ["A1", [], "needsCode"],
    ["A1", ["sim_swap"], "codesCountForNothing"],
    ["A2", [], null],
    ["A2", ["sim_swap"], null],
    ["A4", [], null],
  ])("%s with %j needs %s", (level, risk, need) => {
    expect(needOf(level, { risk })).toBe(need);
    expect(isVerified(level)).toBe(need === null);
  });
});

describe("a reference as people type it", () => {
  it.each(["R123456782", "r 123 456 782", "R-123-456-782", "123456782", "Ｒ１２３４５６７８２", "  R123 456–782 "])(
    "%j is read",
    (text) => {
      expect(readReference(text)).toBe("R123456782");
    },
  );

  it.each(["", "R", "R12345678", "R1234567820", "R123456783", "R213456782", "X123456782", "261101000014"])(
    "%j is none",
    (text) => {
      expect(readReference(text)).toBeNull();
    },
  );
});
