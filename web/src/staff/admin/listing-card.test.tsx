import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DirectoryEntry, Listing, Me } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { ListingCard } from "./listing-card.tsx";

const ENTRY: DirectoryEntry = {
  address: { kind: "phone", value: "+442079460801" },
  label: { "zh-CN": "客服", en: "Customer service" },
  hours: null,
  languages: ["en"],
  region: "GB",
  inbound_only: true,
};

const PUBLISHED: Listing = {
  id: "ls_1",
  wallet: "harbor",
  address: ENTRY.address,
  state: "published",
  published: ENTRY,
  proposal: null,
  changed_at: "2026-05-06T10:00:00.000Z",
};

const WAITING: Listing = {
  ...PUBLISHED,
  state: "change_proposed",
  proposal: { entry: null, by: "9001", at: "2026-05-06T10:00:00.000Z", note: "moved" },
};

let sent: [string, unknown][] = [];

beforeEach(() => {
  chooseLanguage("en");
  sent = [];
  vi.stubGlobal("fetch", async (path: string, { method, body }: RequestInit) => {
    sent.push([`${method} ${path}`, JSON.parse(String(body))]);
    return Response.json(PUBLISHED);
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(listing: Listing, role: Me["role"]) {
  const me: Me = {
    id: "st_1",
    number: "9002",
    role,
    user: "somebody",
    languages: ["en"],
    skills: [],
    teams: [],
    second_factor: false,
    authenticator: false,
    passkey: false,
    second_factor_required: false,
  };
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ul>
        <ListingCard me={me} listing={listing} onChange={() => {}} />
      </ul>
    </QueryClientProvider>,
  );
}

it("a proposal is declined with a reason, and nothing is sent before it was asked for", async () => {
  show(WAITING, "checker");
  fireEvent.click(screen.getByRole("button", { name: "Decline" }));
  const field = screen.getByLabelText("Reason for declining (kept in the history)");
  expect(document.activeElement).toBe(field);
  expect(sent).toEqual([]);
  fireEvent.change(field, { target: { value: " still in use " } });
  fireEvent.submit(field);
  await waitFor(() =>
    expect(sent).toEqual([["POST /api/v1/directory/ls_1/decision", { approve: false, note: "still in use" }]]),
  );
  await waitFor(() => expect(screen.queryByLabelText(/^Reason/)).toBeNull());
});

it("a withdrawal is proposed with a reason", async () => {
  show(PUBLISHED, "admin");
  fireEvent.click(screen.getByRole("button", { name: "Propose withdrawal" }));
  const field = screen.getByLabelText("Reason for withdrawing (for the second person and the history)");
  fireEvent.change(field, { target: { value: "number given back" } });
  fireEvent.submit(field);
  await waitFor(() =>
    expect(sent).toEqual([
      ["POST /api/v1/directory", { wallet: "harbor", withdraw: ENTRY.address, note: "number given back" }],
    ]),
  );
});
