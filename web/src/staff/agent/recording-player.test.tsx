import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Recording } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { RecordingPlayer } from "./recording-player.tsx";
import { bars, maskedShares, outline, within } from "./waveform.ts";

const AT = "2026-05-06T10:00:00.000Z";

const RECORDING: Recording = {
  id: "rc_1",
  contact: "ct_1",
  line: "8000",
  wallet: "jinqiao",
  agents: [],
  started_at: AT,
  ended_at: AT,
  expires_at: "2026-11-02T10:00:00.000Z",
  kept_by: "time",
  cases: [],
  holds: [],
  heard: [],
  duration_ms: 80_000,
  channels: ["customer", "heard"],
  sample_rate: 8000,
  notice: { prompt: "recording.notice", language: "zh-CN", version: "0123456789ab", heard_at: AT },
  outside_told: [],
  masked: [{ from_ms: 20_000, to_ms: 40_000 }],
  sha256: "ab",
  peaks: { every_ms: 100, customer: Array(800).fill(10), heard: Array(800).fill(200) },
  lost: 0,
  recovered: true,
};

beforeEach(() => chooseLanguage("en"));

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function player(answer: (init?: RequestInit) => Response = () => Response.json(RECORDING), mayHold = false) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init?: RequestInit) => {
    asked.push(path);
    return answer(init);
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RecordingPlayer contact="ct_1" mayHold={mayHold} />
    </QueryClientProvider>,
  );
  return asked;
}

it("fetches no sound before somebody presses play, and says what is silent and what was told before", async () => {
  const asked = await player();
  await screen.findByText("0:00 of 1:20");
  expect(asked).toEqual(["/api/v1/contacts/ct_1/recording/manifest"]);
  const audio = document.querySelector("audio");
  expect(audio?.getAttribute("preload")).toBe("none");
  expect(audio?.getAttribute("src")).toBe("/api/v1/contacts/ct_1/recording");
  screen.getByText("Silence from 0:20 to 0:40: a code was keyed, or somebody outside would not be recorded");
  screen.getByText("Notice 0123456789ab (zh-CN) was heard before");
  screen.getByText("The program was interrupted: the last seconds are missing.");
  screen.getByText("Customer");
  screen.getByText("What the customer heard");
});

it("is moved by keys and by pointer, and stays within the recording", async () => {
  await player();
  const slider = await screen.findByRole("slider", { name: "Position in the recording" });
  const at = () => slider.getAttribute("aria-valuetext");
  for (const [key, expected] of [
    ["ArrowRight", "0:05 of 1:20"],
    ["PageUp", "0:35 of 1:20"],
    ["ArrowLeft", "0:30 of 1:20"],
    ["Home", "0:00 of 1:20"],
    ["ArrowLeft", "0:00 of 1:20"],
    ["End", "1:20 of 1:20"],
    ["ArrowRight", "1:20 of 1:20"],
  ] as const) {
    fireEvent.keyDown(slider, { key });
    expect(at(), key).toBe(expected);
  }
  vi.spyOn(slider, "getBoundingClientRect").mockReturnValue({ left: 100, width: 400 } as DOMRect);
  fireEvent.pointerDown(slider, { clientX: 200 });
  expect(at()).toBe("0:20 of 1:20");
  expect(document.querySelector("audio")?.currentTime).toBe(20);
});

it("plays, pauses, and plays faster", async () => {
  const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("play"));
  });
  const pause = vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("pause"));
  });
  await player();
  fireEvent.click(await screen.findByRole("button", { name: "Play" }));
  await screen.findByRole("button", { name: "Pause" });
  expect(play).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole("button", { name: "2×" }));
  expect(document.querySelector("audio")?.playbackRate).toBe(2);
  fireEvent.click(screen.getByRole("button", { name: "Pause" }));
  await screen.findByRole("button", { name: "Play" });
  expect(pause).toHaveBeenCalledOnce();
});

it("says until when it stays, what keeps it, and who listened", async () => {
  const by = { id: "st_9", number: "1061" };
  const heard = [{ by, at: AT, from_ms: 0, to_ms: 20_000 }];
  await player(() => Response.json({ ...RECORDING, kept_by: "case", cases: ["R123456782"], heard }));
  await screen.findByText("Kept for case R 123 456 782");
  screen.getByText("Erased on 2 Nov 2026");
  screen.getByText("Listened to: 1");
  expect(screen.getByText(/^1061 at/).textContent).toContain("0:00 to 0:20");
  expect(screen.queryByRole("button", { name: "Place a legal hold" })).toBeNull();
});

it("lets compliance place a hold and lift it, each with a reason, and waits for the server", async () => {
  const word = (reason: string) => ({ by: { id: "st_9", number: "1066" }, at: AT, reason });
  let now: Recording = RECORDING;
  const sent: [string | undefined, unknown][] = [];
  await player((init) => {
    if (init?.method !== "GET") {
      const { reason } = JSON.parse(String(init?.body)) as { reason: string };
      sent.push([init?.method, reason]);
      now =
        init?.method === "PUT"
          ? { ...RECORDING, kept_by: "hold", expires_at: null, holds: [{ placed: word(reason), lifted: null }] }
          : { ...RECORDING, holds: [{ placed: word("claim 7"), lifted: word(reason) }] };
    }
    return Response.json(now);
  }, true);
  const place = await screen.findByRole("button", { name: "Place a legal hold" });
  expect(place).toHaveProperty("disabled", true);
  fireEvent.change(screen.getByLabelText("Why it must be held"), { target: { value: " claim 7 " } });
  fireEvent.click(place);
  await screen.findByText("On legal hold: nothing erases it");
  screen.getByText(/^Held by 1066 at .*: claim 7$/);
  expect(screen.queryByText(/^Erased on/)).toBeNull();
  fireEvent.change(screen.getByLabelText("Why the hold is lifted"), { target: { value: "settled" } });
  fireEvent.click(screen.getByRole("button", { name: "Lift the hold" }));
  await screen.findByRole("button", { name: "Place a legal hold" });
  screen.getByText(/Lifted by 1066 at .*: settled$/);
  expect(sent).toEqual([
    ["PUT", "claim 7"],
    ["POST", "settled"],
  ]);
});

it("speaks Chinese, and says when there is nothing to play", async () => {
  chooseLanguage("zh-CN");
  await player(() => new Response(null, { status: 404 }));
  await screen.findByText("录音无法播放");
});

it("joins peaks to bars by the loudest, and keeps places within", () => {
  expect(bars([0, 255, 0, 0], 2)).toEqual([1, 0]);
  expect(bars([255], 10)).toEqual([1]);
  expect(bars([], 10)).toEqual([]);
  expect(outline([1, 0])).toBe("M0.1 0.00h.8v2.00h-.8zM1.1 0.98h.8v0.04h-.8z");
  expect(maskedShares(RECORDING)).toEqual([{ from: 0.25, length: 0.25 }]);
  expect([within(RECORDING, -1), within(RECORDING, 1e9)]).toEqual([0, 80_000]);
});
