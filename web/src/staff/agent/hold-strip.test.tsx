import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { chooseLanguage } from "../../i18n/language.ts";
import { announcements } from "../shell/announce.ts";
import { HoldStrip } from "./hold-strip.tsx";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("counts the hold and says once that it is long", () => {
  vi.useFakeTimers({ now: Date.parse("2026-05-06T10:00:58.000Z") });
  chooseLanguage("en");
  render(<HoldStrip since="2026-05-06T10:00:00.000Z" offset_ms={0} />);
  screen.getByText("0:58");
  expect(screen.queryByText(/for a minute/)).toBeNull();
  const before = announcements.polite().turn;
  act(() => vi.advanceTimersByTime(3_000));
  screen.getByText("1:01");
  screen.getByText(/for a minute/);
  act(() => vi.advanceTimersByTime(5_000));
  expect(announcements.polite().turn).toBe(before + 1);
});
