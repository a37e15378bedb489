// The page of deadlines: who sees it, and what it says of a clock as its time is used.

import { expect, it } from "vitest";
import type { DueClock, Role } from "../../api/types.ts";
import { alertOf, seesClocks } from "./clocks-page.tsx";

const clock = (phase: DueClock["clock"]["phase"], used_percent: number) =>
  ({ phase, used_percent }) as DueClock["clock"];

it("warns at half and at four fifths of the time of a clock that runs", () => {
  expect([0, 49, 50, 79, 80, 100].map((used) => alertOf(clock("running", used)))).toEqual([
    null,
    null,
    "half",
    "half",
    "most",
    "most",
  ]);
  expect(alertOf(clock("paused", 90))).toBeNull();
  expect(alertOf(clock("over", 100)), "its own word says so").toBeNull();
});

it("is for whoever leads, handles or checks", () => {
  const roles: Role[] = ["agent", "checker", "handler", "supervisor", "auditor", "compliance", "admin"];
  expect(roles.filter(seesClocks)).toEqual(["handler", "supervisor", "auditor", "compliance"]);
});
