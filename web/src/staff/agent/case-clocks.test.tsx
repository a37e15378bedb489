import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseClock, CaseCredit, Role } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { actsOn, CaseClocks, seesToClocks } from "./case-clocks.tsx";
import { creditActs, mayPropose } from "./case-credit.tsx";

const both = (text: string) => ({ "zh-CN": text, en: text });

const CLOCK: CaseClock = {
  id: "ck_1",
  regime: "uk-disp",
  name: both("DISP"),
  what: both("Final response"),
  starts: both("Receipt"),
  term: "15 business days",
  calendar: "gb",
  time_zone: "Europe/London",
  source: "FCA Handbook",
  mark: "s",
  checked_on: "2026-11-28",
  binding: true,
  started_at: "2026-11-02T10:00:00Z",
  deadline: "2026-11-23T23:59:59Z",
  phase: "running",
  used_percent: 82,
  missing_year: null,
  extended: 0,
  next_extension: { term: "35 business days", needs: "holding_reply", when: both("Beyond our control") },
  pauses: null,
  exception: null,
  provisional_credit: null,
};

let role: Role = "handler";
let sent: unknown[] = [];
let answer: () => Response;

beforeEach(() => {
  chooseLanguage("en");
  [role, sent] = ["handler", []];
  answer = () => Response.json([{ ...CLOCK, term: "35 business days", extended: 1, next_extension: null }]);
  vi.stubGlobal("fetch", async (path: string, { method, body }: RequestInit) => {
    if (method === "GET") return Response.json({ user: "u", number: "1", role });
    sent.push([path, JSON.parse(String(body))]);
    return answer();
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(clocks: CaseClock[]) {
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <CaseClocks reference="R123456782" clocks={clocks} />
    </QueryClientProvider>,
  );
}

it("says the rule, the deadline, the share used and the source", () => {
  show([CLOCK]);
  for (const text of ["DISP", "Final response", "82% of the time used"]) expect(screen.getByText(text)).toBeTruthy();
  expect(screen.getByText(/Europe\/London/)).toBeTruthy();
  expect(screen.getByText(/FCA Handbook · read in a secondary text/)).toBeTruthy();
});

it("a year that the calendar lacks is said", () => {
  show([{ ...CLOCK, deadline: null, phase: null, missing_year: 2031 }]);
  expect(screen.getByText("Unknown: the calendar lacks 2031")).toBeTruthy();
});

it("an extension is asked for and a refusal said", async () => {
  show([CLOCK]);
  answer = () =>
    Response.json(
      { type: "https://walletline.dev/problems/clock-over", title: "", status: 409, detail: "" },
      { status: 409 },
    );
  fireEvent.click(await screen.findByRole("button", { name: "Extend to 35 business days" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("deadline has passed"));
  expect(sent).toEqual([["/api/v1/cases/R123456782/clocks/ck_1", { act: "extend" }]]);
});

it("an agent only sees them", async () => {
  role = "agent";
  show([CLOCK]);
  await waitFor(() => expect(screen.queryByRole("button")).toBeNull());
  expect((["agent", "handler", "supervisor", "compliance", "auditor"] as const).filter(seesToClocks)).toEqual([
    "handler",
    "supervisor",
    "compliance",
  ]);
});

it("offers what the rule and the state allow", () => {
  const pausable = { ...CLOCK, pauses: both("waiting"), exception: both("fraud") };
  expect(actsOn(pausable)).toEqual(["pause", "extend", "meet", "except"]);
  expect(actsOn({ ...pausable, phase: "paused" })).toEqual(["resume", "meet", "except"]);
  expect(actsOn({ ...CLOCK, phase: "over" })).toEqual(["meet"]);
  expect(actsOn({ ...CLOCK, phase: "met" })).toEqual([]);
});

it("a credit is proposed by one and decided by another role", () => {
  const credit: CaseCredit = {
    amount: "128.00",
    currency: "USD",
    state: "proposed",
    proposed_by: "3001",
    decided_by: null,
    given_at: null,
    changed_at: "2026-11-02T10:00:00Z",
  };
  expect(creditActs(credit, "handler")).toEqual([]);
  expect(creditActs(credit, "checker")).toEqual(["agree", "decline"]);
  expect(creditActs({ ...credit, state: "given" }, "handler")).toEqual(["propose_reversal", "keep"]);
  const knows = { ...CLOCK, provisional_credit: { amount: both("all"), reversal: both("told") } };
  expect(mayPropose({ credit: null, clocks: [knows] }, "handler")).toBe(true);
  expect(mayPropose({ credit: null, clocks: [CLOCK] }, "handler")).toBe(false);
  expect(mayPropose({ credit, clocks: [knows] }, "handler")).toBe(false);
  expect(mayPropose({ credit: null, clocks: [knows] }, "agent")).toBe(false);
});
