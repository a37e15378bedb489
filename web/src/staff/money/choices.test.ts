import { describe, expect, it } from "vitest";
import type { Operation } from "../../api/types.ts";
import { choicesOf, groupOf } from "./choices.ts";

const CHECKER = { number: "1031", role: "checker" } as const;
const LEAD = { number: "1041", role: "supervisor" } as const;

const SHOWN: Operation["evidence"] = { level: "A3", contact: "ct_1", factors: 2, at: "2026-05-06T10:00:00.000Z" };
const WAITS = { state: "awaiting_approval", maker: "1024", needs: "checker", evidence: SHOWN, proposal: null } as const;
const FOUND = { by: "1031", outcome: "undone", at: "2026-05-06T11:00:00.000Z" } as const;
const LOST = { ...WAITS, state: "unknown", needs: null } as const;

describe("a refund that waits", () => {
  it("is approved or declined by a checker", () => {
    expect(choicesOf(WAITS, CHECKER)).toEqual({ kind: "decide", approve: null, decline: null });
  });

  it("is decided by nobody who asked for it", () => {
    expect(choicesOf({ ...WAITS, maker: LEAD.number }, LEAD)).toEqual({
      kind: "decide",
      approve: "own",
      decline: "own",
    });
  });

  it("is only declined while the customer's second factor is missing", () => {
    expect(choicesOf({ ...WAITS, evidence: null }, CHECKER)).toMatchObject({ approve: "noEvidence", decline: null });
  });

  it("is a supervisor's to approve above one checker", () => {
    const large = { ...WAITS, needs: "supervisor" } as const;
    expect(choicesOf(large, CHECKER)).toMatchObject({ approve: "supervisor", decline: null });
    expect(choicesOf(large, LEAD)).toMatchObject({ approve: null });
  });
});

describe("a refund that the wallet cannot account for", () => {
  it("is established by somebody who did not ask for it", () => {
    expect(choicesOf(LOST, CHECKER)).toEqual({ kind: "propose", propose: null });
    expect(choicesOf({ ...LOST, maker: CHECKER.number }, CHECKER)).toEqual({ kind: "propose", propose: "own" });
  });

  it("is confirmed by a supervisor who did not say it", () => {
    const found = { ...LOST, proposal: FOUND };
    expect(choicesOf(found, LEAD)).toEqual({ kind: "conclude", conclude: null });
    expect(choicesOf(found, CHECKER)).toEqual({ kind: "conclude", conclude: "ownProposal" });
    expect(choicesOf(found, { ...CHECKER, number: "1032" })).toEqual({ kind: "conclude", conclude: "supervisor" });
    expect(choicesOf({ ...found, proposal: { ...FOUND, by: LEAD.number } }, LEAD)).toMatchObject({
      conclude: "ownProposal",
    });
  });
});

it("what is on its way is nobody's to decide", () => {
  expect(choicesOf({ ...WAITS, state: "submitted" }, LEAD)).toEqual({ kind: "nothing" });
  expect(["awaiting_approval", "action_needed", "pending"].map((state) => groupOf({ state } as Operation))).toEqual([
    "decide",
    "resolve",
    "running",
  ]);
});
