import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { api } from "../../api/client.ts";
import type { ChallengeState, ChallengeView, ContactView } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { canVerify, waysToVerify } from "./verification.ts";
import { VerificationStrip } from "./verification-strip.tsx";

const CONTACT: ContactView = {
  id: "ct_1",
  agent: "st_1",
  wallet: "jinqiao",
  line: "8000",
  channel: "voice",
  caller: "+86 ****0001",
  path: [],
  queue: "q",
  priority: 5,
  level: "A1",
  customer: { number: "", risk: [], operations: [] },
  queued_at: "2026-05-06T10:00:00.000Z",
  connected_at: "2026-05-06T10:00:10.000Z",
  leads: true,
  parties: [],
  caller_id: "none",
  legs: [],
  factors: ["sms_code"],
};

const challenge = (state: ChallengeState, tries_left = 3, limited = false): ChallengeView => ({
  factor: "sms_code",
  state,
  tries_left,
  limited,
  expires_at: "2026-05-06T10:10:00.000Z",
});

beforeEach(() => chooseLanguage("en"));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("offers to verify whoever leads, connected, once, below A2, while tries are left", () => {
  expect(canVerify(CONTACT)).toBe(true);
  expect(canVerify({ ...CONTACT, challenge: challenge("given_up", 1) })).toBe(true);
  const not: Partial<ContactView>[] = [
    { leads: false },
    { held_at: "2026-05-06T10:01:00.000Z" },
    { ended_at: "2026-05-06T10:01:00.000Z" },
    { asked: { number: "1025", mode: "blind" } },
    { level: "A2" },
    { challenge: challenge("keying") },
    { challenge: challenge("failed", 0) },
  ];
  for (const change of not) expect(canVerify({ ...CONTACT, ...change })).toBe(false);
  expect(canVerify(null)).toBe(false);
});

it("offers the second factor at A2 where the wallet has one, and nothing to a caller under pressure", () => {
  const both: ContactView = { ...CONTACT, factors: ["sms_code", "second_factor"] };
  expect(canVerify({ ...both, level: "A2" })).toBe(true);
  expect(canVerify({ ...both, level: "A3" })).toBe(false);
  expect(canVerify({ ...both, customer: { ...both.customer, risk: ["pressure"] } })).toBe(false);
  render(<VerificationStrip contact={{ ...both, challenge: { ...challenge("verified"), factor: "second_factor" } }} />);
  screen.getByText("Verified by second factor");
});

it("sends no other code where none is sent", () => {
  render(<VerificationStrip contact={{ ...CONTACT, challenge: { ...challenge("sent"), factor: "second_factor" } }} />);
  screen.getByText(/the code of their authenticator/);
  expect(screen.queryByRole("button", { name: "Send another code" })).toBeNull();
});

it("says how it stands and that nobody hears the customer, and ends it", () => {
  const end = vi.spyOn(api, "endChallenge").mockResolvedValue();
  render(<VerificationStrip contact={{ ...CONTACT, challenge: challenge("wrong", 1, true) }} />);
  screen.getByText("Not right. The customer may key it again");
  screen.getByText("1 try left");
  screen.getByText(/Nobody hears the customer/);
  screen.getByText(/No message was sent/);
  fireEvent.click(screen.getByRole("button", { name: "Back to the customer" }));
  expect(end).toHaveBeenCalledWith("ct_1");
});

it("keeps what came of it, and offers nothing then; whoever does not lead only reads", () => {
  const { rerender } = render(<VerificationStrip contact={{ ...CONTACT, challenge: challenge("verified") }} />);
  screen.getByText("Verified by text-message code");
  expect(screen.queryByRole("button")).toBeNull();
  rerender(<VerificationStrip contact={{ ...CONTACT, leads: false, challenge: challenge("keying") }} />);
  expect(screen.queryByRole("button")).toBeNull();
  rerender(<VerificationStrip contact={CONTACT} />);
  expect(document.body.textContent).toBe("");
});

it("says when the code was sent and when it arrived, or that it did not", () => {
  const at = { sent_at: "2026-05-06T10:01:10.000Z", settled_at: "2026-05-06T10:01:13.000Z" };
  const strip = (message: ChallengeView["message"]) => {
    cleanup();
    render(
      <VerificationStrip contact={{ ...CONTACT, challenge: { ...challenge("sent"), ...(message && { message }) } }} />,
    );
    return document.querySelector("[data-message]")?.textContent ?? null;
  };
  expect(strip(undefined)).toBeNull();
  expect(strip({ state: "sent", sent_at: at.sent_at })).toMatch(/^Text message: sent \d\d:\d\d:10$/);
  expect(strip({ state: "delivered", ...at })).toMatch(/^Text message: sent \d\d:\d\d:10 · delivered \d\d:\d\d:13$/);
  expect(strip({ state: "failed", settled_at: at.settled_at })).toMatch(/^Text message: not delivered \d\d:\d\d:13$/);
});

it("offers the app below A3, and the phone again once the app has asked often enough", () => {
  const factors: ContactView["factors"] = ["sms_code", "second_factor", "app_transfer"];
  expect(waysToVerify({ ...CONTACT, factors })).toEqual(["sms_code", "app_transfer"]);
  expect(waysToVerify({ ...CONTACT, factors, level: "A2" })).toEqual(["second_factor", "app_transfer"]);
  expect(waysToVerify({ ...CONTACT, factors, level: "A3" })).toEqual([]);
  const asked: ChallengeView = { ...challenge("failed", 0), factor: "app_transfer" };
  expect(waysToVerify({ ...CONTACT, factors, challenge: asked })).toEqual(["sms_code"]);
  expect(waysToVerify({ ...CONTACT, factors, challenge: challenge("failed", 0) })).toEqual(["app_transfer"]);
});

it("shows the code to read out digit by digit, and that the conversation goes on", () => {
  const asked: ChallengeView = { ...challenge("sent", 2), factor: "app_transfer", code: "427", operation: "refund" };
  render(<VerificationStrip contact={{ ...CONTACT, challenge: asked }} />);
  screen.getByText("4 2 7");
  screen.getByText(/good for that refund alone/);
  expect(screen.queryByText(/Nobody hears the customer/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Send another code" })).toBeNull();
  const end = vi.spyOn(api, "endChallenge").mockResolvedValue();
  fireEvent.click(screen.getByRole("button", { name: "End it" }));
  expect(end).toHaveBeenCalledWith("ct_1");
});
