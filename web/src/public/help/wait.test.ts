import { afterEach, expect, test, vi } from "vitest";
import { keepWaitFresh, words } from "./wait";

const DATA = { soon: "free", range: "{from} to {to} minutes", cannotSay: "cannot say", closed: "nobody" };

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

test("an answer is said in the words of the page", () => {
  const say = (
    answer: "soon" | "range" | "cannot_say" | "closed",
    minutes: { from: number; to: number } | null = null,
  ) => words(DATA, { answer, minutes, poll_s: 10 });
  expect([say("soon"), say("range", { from: 2, to: 8 }), say("cannot_say"), say("closed")]).toEqual([
    "free",
    "2 to 8 minutes",
    "cannot say",
    "nobody",
  ]);
});

test("the page is kept fresh, and what has not changed is not sent again", async () => {
  vi.useFakeTimers();
  document.body.innerHTML =
    '<p data-line="8000" data-range="{from} to {to}" data-soon="free"><strong>before</strong></p><p data-live hidden>live</p>';
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", async (_: string, options: { headers: Record<string, string> }) => {
    asked.push(options.headers["If-None-Match"] ?? null);
    if (asked.length > 1) return new Response(null, { status: 304 });
    return new Response(JSON.stringify({ answer: "range", minutes: { from: 1, to: 4 }, poll_s: 10 }), {
      headers: { ETag: '"a"' },
    });
  });
  const stop = keepWaitFresh(document);
  await vi.advanceTimersByTimeAsync(12_000);
  expect(document.querySelector("strong")?.textContent).toBe("1 to 4");
  expect(document.querySelector("[data-live]")?.hasAttribute("hidden")).toBe(false);
  expect(asked).toEqual([null, '"a"']);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(2);
});

test("a page without a wait asks nothing", () => {
  vi.useFakeTimers();
  document.body.innerHTML = "<p>hours</p>";
  keepWaitFresh(document)();
  expect(vi.getTimerCount()).toBe(0);
});
