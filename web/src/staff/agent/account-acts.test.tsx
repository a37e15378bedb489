import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContactView, Level, OperationView } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { AccountActs } from "./account-acts.tsx";
import { Operations } from "./operations.tsx";

function contact(level: Level, number = "+86 190****0002"): ContactView {
  return {
    id: "ct_1",
    agent: "st_1",
    wallet: "jinqiao",
    line: "8000",
    channel: "voice",
    caller: "+86 190****0002",
    caller_id: "none",
    path: [],
    legs: [],
    factors: ["sms_code"],
    queue: "jinqiao-account",
    priority: 5,
    level,
    customer: { number, risk: [], operations: [] },
    queued_at: "2026-05-06T10:00:00.000Z",
    connected_at: "2026-05-06T10:00:10.000Z",
    leads: true,
    parties: [],
  };
}

const sent: { path: string; body: unknown }[] = [];

beforeEach(() => {
  chooseLanguage("en");
  sent.length = 0;
  vi.stubGlobal("fetch", async (input: string, init: RequestInit) => {
    sent.push({ path: input, body: JSON.parse(String(init.body)) });
    return new Response(null, { status: 204 });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(view: ContactView) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <AccountActs contact={view} />
    </QueryClientProvider>,
  );
}

const button = (name: string) => screen.getByRole("button", { name });

describe("acts on the account", () => {
  it("say what they need until it is shown", () => {
    show(contact("A1"));
    expect(button("Send a link for a new password").hasAttribute("disabled")).toBe(false);
    expect(button("Unlock after failed log-ins").hasAttribute("disabled")).toBe(true);
    expect(screen.getAllByText("Needs a code to the phone").length).toBeGreaterThan(0);
    cleanup();
    show(contact("A2"));
    expect(button("Unlock after failed log-ins").hasAttribute("disabled")).toBe(false);
    expect(button("Close the account").hasAttribute("disabled")).toBe(true);
    expect(screen.getAllByText("Needs a second factor").length).toBeGreaterThan(0);
  });

  it("are not there before anybody is named, nor for whoever does not lead the call", () => {
    show(contact("A0", ""));
    expect(screen.getByText("Ask for the registered phone number first.")).toBeTruthy();
    expect(button("Send a link for a new password").hasAttribute("disabled")).toBe(true);
    cleanup();
    show({ ...contact("A2"), leads: false });
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("are asked for once what they do was read", async () => {
    show(contact("A2"));
    fireEvent.click(button("Unlock after failed log-ins"));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/every registered address is told/)).toBeTruthy();
    expect(sent).toEqual([]);
    fireEvent.click(dialog.getByRole("button", { name: "Do it now" }));
    await vi.waitFor(() =>
      expect(sent).toEqual([{ path: "/api/v1/contacts/ct_1/account-acts", body: { act: "unlock" } }]),
    );
  });
});

describe("what came of an act", () => {
  const operation = (more: Partial<OperationView>): OperationView => ({
    id: "op_1",
    act: "unlock",
    state: "unknown",
    reference: "R123456782",
    ...more,
  });

  it("is never shown as done before the wallet says so, and says why it was refused", () => {
    const { rerender } = render(<Operations operations={[operation({})]} />);
    expect(screen.getByText("Unlock after failed log-ins")).toBeTruthy();
    expect(screen.getByText(/Do not say it is done/)).toBeTruthy();
    rerender(<Operations operations={[operation({ state: "declined", declined: "needs_more" })]} />);
    expect(screen.getByText(/It needs a second factor, or a second person/)).toBeTruthy();
    expect(screen.queryByText(/frozen/)).toBeNull();
  });
});
