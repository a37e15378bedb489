import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Contact, TimelineEntry } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { PastContact } from "./past-contact.tsx";

const AT = "2026-05-06T10:00:00.000Z";

const CONTACT: Contact = {
  id: "ct_1",
  line: "8000",
  wallet: "jinqiao",
  channel: "voice",
  caller: "+86 190****0004",
  language: "zh-CN",
  service: "freeze",
  level: "A2",
  caller_id: "A",
  risk: ["sim_swap", "call_forwarding"],
  opened_at: AT,
  answered_at: AT,
  queued_at: null,
  connected_at: null,
  ended_at: AT,
  agents: [],
  disposition: "account_frozen",
  case: "R123456782",
  legs: [],
  recording: null,
  on_hold: false,
};

const TIMELINE: TimelineEntry[] = [
  { at: AT, text: "A1 to A2", kind: "verified", factor: "sms_code", from: "A1", to: "A2" },
  { at: AT, text: "x", kind: "wallet_act", operation: "transaction_status", outcome: "unknown", correlation_id: "" },
  { at: AT, text: "x", kind: "wallet_act", operation: "freeze", outcome: "unknown", correlation_id: "6f1f2c1e" },
  { at: AT, text: "x", kind: "caller_id", trust: "A" },
  { at: AT, text: "case R123456782", kind: "case", reference: "R123456782" },
];

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("a contact that is over shows level, risk, case, and what was proved and done", async () => {
  chooseLanguage("en");
  vi.stubGlobal("fetch", async (path: string) => Response.json(path.endsWith("/timeline") ? TIMELINE : CONTACT));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <PastContact contact="ct_1" onClose={() => {}} />
    </QueryClientProvider>,
  );
  await screen.findByText("Code passed");
  screen.getByText("SIM changed lately: a text-message code proves nothing");
  screen.getByText("Calls to the registered number are forwarded: a text-message code proves nothing");
  screen.getByRole("button", { name: "Show R 123 456 782" });
  screen.getByText("The caller's network vouches for this number. It does not say who is speaking.");
  await screen.findByText("the caller's network vouches for it");
  await screen.findByText("Number named → Code passed, by text-message code");
  screen.getByText("Transaction looked up · time not known");
  expect(screen.getByText(/^Freeze · not confirmed yet/).textContent).toContain("key 6f1f2c1e");
  expect(screen.getAllByText("R 123 456 782")).toHaveLength(2);
});
