import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { chooseLanguage } from "../../i18n/language.ts";
import { WholeNumber } from "./whole-number.tsx";

const MASKED = "+86 138****5678";
const WHOLE = "+86 138 1234 5678";

beforeEach(() => {
  chooseLanguage("en");
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settle = () => act(() => vi.advanceTimersByTimeAsync(0));

function answers(reply: () => Response) {
  const asked = vi.fn(async (_path: string, _request: RequestInit) => reply());
  vi.stubGlobal("fetch", asked);
  render(<WholeNumber contact="ct_1" caller={MASKED} />);
  fireEvent.click(screen.getByRole("button", { name: "Show the whole number" }));
  return asked;
}

async function giveReason(reason: string) {
  fireEvent.change(screen.getByRole("textbox"), { target: { value: reason } });
  fireEvent.submit(screen.getByRole("textbox").closest("form") as HTMLFormElement);
  await settle();
}

it("shows the number for a reason, for thirty seconds and no longer", async () => {
  const asked = answers(() => Response.json({ number: "+8613812345678", until: "2026-05-06T10:00:30.000Z" }));
  expect(screen.queryByText(WHOLE)).toBeNull();
  await giveReason("promised to ring back");
  expect(JSON.parse(String(asked.mock.calls[0]?.[1].body))).toEqual({ reason: "promised to ring back" });
  screen.getByText(WHOLE);
  await act(() => vi.advanceTimersByTimeAsync(29_000));
  screen.getByText(WHOLE);
  await act(() => vi.advanceTimersByTimeAsync(1_000));
  expect(screen.queryByText(WHOLE)).toBeNull();
  screen.getByText(MASKED);
});

it("says what is wrong with a reason, and shows nothing", async () => {
  answers(() => Response.json({ type: "https://walletline.dev/problems/invalid-input" }, { status: 422 }));
  await giveReason("no");
  screen.getByText("Something filled in is not acceptable.");
  expect(screen.queryByText(WHOLE)).toBeNull();
});

it("offers nothing where no number was shown", () => {
  render(<WholeNumber contact="ct_1" caller="" />);
  expect(screen.queryByRole("button")).toBeNull();
});
