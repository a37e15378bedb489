import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DemoMessage } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { Messages } from "./messages.tsx";

const CODE: DemoMessage = {
  channel: "sms",
  to: "+8619000000001",
  text: "Code 493817.",
  at: "2026-05-06T10:00:00.000Z",
};

let inbox: DemoMessage[] | "down" = [];
const pass = () => act(() => vi.advanceTimersByTimeAsync(1_500));

beforeEach(() => {
  vi.useFakeTimers();
  chooseLanguage("en");
  inbox = [];
  vi.stubGlobal("fetch", async () => {
    if (inbox === "down") throw new TypeError("down");
    return Response.json(inbox);
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("messages of the demo phone", () => {
  it("come without a reload, and each is read out once", async () => {
    render(<Messages msisdn="+8619000000001" />);
    await pass();
    expect(screen.getByText("No texts or mail yet")).toBeTruthy();
    inbox = [CODE];
    await pass();
    expect(screen.getByText("493817").tagName).toBe("STRONG");
    expect(screen.getByRole("status").textContent).toBe("New Text: Code 493817.");
    inbox = [{ ...CODE, channel: "mail", text: "Frozen.", at: "2026-05-06T10:01:00.000Z" }, CODE];
    await pass();
    expect(screen.getByRole("status").textContent).toBe("New Mail: Frozen.");
  });

  it("that were there already are not read out", async () => {
    inbox = [CODE];
    render(<Messages msisdn="+8619000000001" />);
    await pass();
    expect(screen.getByText("493817")).toBeTruthy();
    expect(screen.getByRole("status").textContent).toBe("");
  });

  it("stay, marked as old, while the server cannot be reached", async () => {
    inbox = [CODE];
    render(<Messages msisdn="+8619000000001" />);
    await pass();
    inbox = "down";
    await pass();
    expect(screen.getByText("493817")).toBeTruthy();
    expect(screen.getByText(/cannot be reached/)).toBeTruthy();
  });
});
