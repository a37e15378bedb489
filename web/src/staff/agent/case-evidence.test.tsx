// Evidence at the desk: what can be opened and what cannot, what nobody looked at, and why a file was not taken.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CaseUpload } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { CaseEvidence } from "./case-evidence.tsx";

const upload = (name: string, state: string): CaseUpload => ({
  id: `up_${name}`,
  name,
  media_type: "image/png",
  size: 1_500,
  state,
  sent_at: "2026-11-28T10:00:00Z",
  agent: null,
});

const UPLOADS = [
  upload("clean.png", "clean"),
  upload("unseen.png", "not_scanned"),
  upload("waiting.png", "waiting"),
  upload("bad.pdf", "infected"),
];

function show(open: boolean) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <CaseEvidence reference="R123456782" uploads={UPLOADS} open={open} />
    </QueryClientProvider>,
  );
}

beforeEach(() => chooseLanguage("en"));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it("gives what may be read, says what nobody looked at, and gives nothing that waits or is infected", () => {
  show(false);
  const links = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toEqual([
    "/api/v1/cases/R123456782/uploads/up_clean.png",
    "/api/v1/cases/R123456782/uploads/up_unseen.png",
  ]);
  for (const words of [
    "Scanned, nothing found",
    "Not scanned: open it with care",
    "Waits for the scanner",
    "Infected, erased",
  ]) {
    expect(screen.getByText(words)).toBeTruthy();
  }
  expect(screen.queryByRole("button"), "nothing is added to a case that is closed").toBeNull();
});

it("sends a file as a form, and says why it was not taken", async () => {
  const sent: RequestInit[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    sent.push(init);
    const type = "https://walletline.dev/problems/upload-there";
    return Response.json({ type, title: "", status: 409, detail: "" }, { status: 409 });
  });
  show(true);
  const file = new File(["x"], "receipt.png", { type: "image/png" });
  fireEvent.change(screen.getByLabelText("Add a file"), { target: { files: [file] } });
  expect((await screen.findByRole("alert")).textContent).toBe("This file is there already.");
  const body = sent[0]?.body;
  expect(body instanceof FormData && (body.get("evidence") as File).name).toBe("receipt.png");
  expect(new Headers(sent[0]?.headers).get("content-type"), "the browser names its own").toBeNull();
});
