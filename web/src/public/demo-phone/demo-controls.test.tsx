import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseLanguage } from "../../i18n/language.ts";
import { DemoControls } from "./demo-controls.tsx";

let sent: { path: string; body: unknown }[] = [];
let isRefused = false;

beforeEach(() => {
  sent = [];
  isRefused = false;
  chooseLanguage("en");
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    sent.push({ path, body: init.body === undefined ? null : JSON.parse(String(init.body)) });
    if (isRefused) return Response.json({ type: "https://walletline.dev/problems/invalid-input" }, { status: 422 });
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const press = (name: string) => fireEvent.click(screen.getByText(name, { selector: "button" }));

describe("the demo's controls", () => {
  it("move the clock and put everything back", async () => {
    render(<DemoControls />);
    press("1 day ahead");
    await screen.findByText("The clock is 1 day ahead.");
    press("Put everything back");
    await screen.findByText("Everything is as it began.");
    expect(sent).toEqual([
      { path: "/demo/api/clock", body: { advance_s: 86_400 } },
      { path: "/demo/api/reset", body: null },
    ]);
  });

  it("order a fault of the wallet and take it back", async () => {
    render(<DemoControls />);
    fireEvent.input(screen.getByLabelText("Times"), { target: { value: "3" } });
    press("Set the fault");
    await screen.findByText("The fault is set.");
    press("Take it back");
    await screen.findByText("The fault is taken back.");
    expect(sent.map(({ body }) => body)).toEqual([
      { operation: "freeze", fault: "timeout_after", count: 3 },
      { operation: "freeze", fault: "fail", count: 0 },
    ]);
  });

  it("say what is wrong with an order instead of sending it", () => {
    render(<DemoControls />);
    fireEvent.input(screen.getByLabelText("Times"), { target: { value: "0" } });
    expect(screen.getByText("A whole number from 1 to 100.")).toBeTruthy();
    press("Set the fault");
    expect(sent).toEqual([]);
  });

  it("say when the server refused", async () => {
    isRefused = true;
    render(<DemoControls />);
    press("1 hour ahead");
    await screen.findByText("Something filled in is not acceptable.");
  });
});
