import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DemoApproval } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { Approvals } from "./approvals.tsx";

const REFUND: DemoApproval = {
  id: "7",
  agent: "1024",
  operation: "refund",
  amount: "1019.90",
  currency: "CNY",
  payee: "+86 190****0001",
  asked_at: "2026-11-22T14:02:05.120Z",
  expires_at: "2026-11-22T14:04:05.120Z",
};

let open: DemoApproval[] = [];
let typed: (string | null)[] = [];
let right = "427";

beforeEach(() => {
  [open, typed] = [[REFUND], []];
  chooseLanguage("en");
  vi.stubGlobal("fetch", async (_path: string, { method, body }: RequestInit) => {
    if (method === "GET") return Response.json(open);
    const { code } = JSON.parse(String(body)) as { code: string | null };
    typed.push(code);
    if (code === null || code === right) open = [];
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const type = (code: string) =>
  fireEvent.input(screen.getByLabelText("The code that the agent reads out"), { target: { value: code } });

it("shows who asks, what for, how much, and to whom, and nothing while nothing is asked", async () => {
  render(<Approvals msisdn="+8619000000001" />);
  await screen.findByText("Agent 1024 asks you to agree");
  for (const line of ["What: refund", "Amount: CNY 1,019.90", "To: +86 190****0001"]) screen.getByText(line);
  expect(document.body.textContent).not.toContain(right);
  cleanup();
  open = [];
  render(<Approvals msisdn="+8619000000001" />);
  await Promise.resolve();
  expect(screen.queryByText(/asks you to agree/)).toBeNull();
});

it("takes the code, says when it is wrong, and refuses with one press", async () => {
  right = "427";
  render(<Approvals msisdn="+8619000000001" />);
  await screen.findByText("Agent 1024 asks you to agree");
  type("111");
  fireEvent.click(screen.getByText("Agree"));
  await screen.findByText(/^That is not the code/);
  fireEvent.click(screen.getByText("This is not me: refuse"));
  await vi.waitFor(() => expect(typed).toEqual(["111", null]));
});
