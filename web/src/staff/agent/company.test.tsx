import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ContactView } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { Company } from "./company.tsx";
import type { Verbs } from "./use-verbs.ts";

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
  leads: true,
  parties: [],
  caller_id: "none",
  legs: [],
  factors: ["sms_code"],
};

const other = { agent: "st_2", number: "1025", part: "speaks" as const };
const verbs = { leave: vi.fn(), takeBack: vi.fn(), toggleHold: vi.fn() } as unknown as Verbs;
const show = (change: Partial<ContactView>) => render(<Company contact={{ ...CONTACT, ...change }} verbs={verbs} />);

beforeEach(() => chooseLanguage("en"));
afterEach(cleanup);

it("shows nothing while nobody else is on the call", () => {
  expect(show({}).container.innerHTML).toBe("");
});

it("says that the customer hears nothing of a consultation, and how it may end", () => {
  show({ parties: [other], held_at: "2026-05-06T10:01:00.000Z" });
  screen.getByText("You speak with Agent 1025; the customer cannot hear it");
  fireEvent.click(screen.getByRole("button", { name: "Complete the transfer" }));
  fireEvent.click(screen.getByRole("button", { name: "Everybody speaks" }));
  fireEvent.click(screen.getByRole("button", { name: "Back to the customer alone" }));
  expect([verbs.leave, verbs.toggleHold, verbs.takeBack].map((verb) => vi.mocked(verb).mock.calls.length)).toEqual([
    1, 1, 1,
  ]);
});

it("says at every moment that somebody listens, and who hears them", () => {
  const lead = (part: "listens" | "whispers" | "barges") => ({ agent: "st_9", number: "1051", part });
  show({ parties: [lead("listens")] });
  screen.getByText("Agent 1051 listens to this call; nobody hears them");
  expect(screen.queryByRole("button")).toBeNull();
  cleanup();
  show({ parties: [lead("whispers")] });
  screen.getByText("Agent 1051 listens and speaks to you; the customer does not hear them");
  cleanup();
  show({ parties: [lead("barges")] });
  screen.getByText("Agent 1051 listens and is heard by everybody");
});

it("says who is rung, and who did not come", () => {
  show({ asked: { number: "1025", mode: "blind" } });
  screen.getByText("Handing over: agent 1025 is rung");
  screen.getByRole("button", { name: "Call it off" });
  cleanup();
  show({ not_come: { number: "1025", why: "declined" } });
  screen.getByText("Agent 1025 declined. The call is still yours.");
  expect(screen.queryByRole("button")).toBeNull();
});

it("leaves a guest nothing to decide", () => {
  show({ leads: false, parties: [{ agent: "st_1", number: "1024", part: "speaks" }] });
  screen.getByText("On the call with the customer and you: Agent 1024");
  expect(screen.queryByRole("button")).toBeNull();
});

const BANK = { id: "bank", name: { "zh-CN": "银行", en: "Partner bank" } };

it("says by name who is called outside, that it rings there, and why nobody came", () => {
  show({ asked: { number: "bank", mode: "blind", outside: BANK, rings: false } });
  screen.getByText("Calling Partner bank…");
  cleanup();
  show({ asked: { number: "bank", mode: "attended", outside: BANK, rings: true } });
  screen.getByText("It rings at Partner bank");
  screen.getByRole("button", { name: "Call it off" });
  cleanup();
  show({ not_come: { number: "bank", why: "busy", outside: BANK } });
  screen.getByText("Partner bank is busy. The call is still yours.");
  cleanup();
  show({ not_come: { number: "bank", why: "withdrawn", outside: BANK } });
  screen.getByText("Partner bank is not called any more. The call is still yours.");
});

it("leaves the customer to somebody outside, or has everybody speak", () => {
  show({ outside: { ...BANK, since: "2026-05-06T10:01:10.000Z" }, held_at: "2026-05-06T10:01:00.000Z" });
  screen.getByText("You speak with Partner bank (outside); the customer cannot hear it");
  screen.getByRole("button", { name: "Complete the transfer" });
  screen.getByRole("button", { name: "Everybody speaks" });
  screen.getByRole("button", { name: "Back to the customer alone" });
});
