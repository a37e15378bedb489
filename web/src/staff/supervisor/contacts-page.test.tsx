import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Contact, Me } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { ContactsPage } from "./contacts-page.tsx";
import { EMPTY_FILTER, queryOf } from "./contacts-search.tsx";

const AT = "2026-05-06T10:00:00.000Z";

const CONTACT: Contact = {
  id: "ct_1",
  line: "8000",
  wallet: "jinqiao",
  channel: "voice",
  caller: "+86 190****0004",
  language: "zh-CN",
  service: "refunds",
  level: "A2",
  caller_id: "A",
  risk: [],
  opened_at: AT,
  answered_at: AT,
  queued_at: null,
  connected_at: null,
  ended_at: AT,
  agents: [{ id: "st_1", number: "1024" }],
  disposition: null,
  case: null,
  legs: [],
  recording: "rc_1",
  on_hold: true,
};

const me = (role: Me["role"]): Me => ({
  id: "st_9",
  user: "kim",
  number: "1066",
  role,
  languages: [],
  skills: [],
  teams: [],
  second_factor: false,
  authenticator: false,
  passkey: false,
  second_factor_required: false,
});

beforeEach(() => chooseLanguage("en"));

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function page(role: Me["role"], found: Contact[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (path.endsWith("/timeline")) return Response.json([]);
    if (path.startsWith("/api/v1/contacts?")) return Response.json(found);
    return path.endsWith("/manifest") ? new Response(null, { status: 404 }) : Response.json(CONTACT);
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <ContactsPage me={me(role)} />
    </QueryClientProvider>,
  );
  return asked;
}

it("asks for nothing before somebody searches, then shows what fits and the record that is opened", async () => {
  const asked = page("compliance", [CONTACT]);
  expect(asked).toEqual([]);
  fireEvent.change(screen.getByLabelText("Agent number"), { target: { value: " 1024 " } });
  fireEvent.change(screen.getByLabelText("Service"), { target: { value: "refunds" } });
  fireEvent.click(screen.getByLabelText("Only on legal hold"));
  fireEvent.click(screen.getByRole("button", { name: "Find" }));
  await screen.findByText("Contacts found: 1");
  expect(asked).toEqual(["/api/v1/contacts?limit=100&agent=1024&service=refunds&recorded=true&held=true"]);
  screen.getByText("On legal hold");
  fireEvent.click(screen.getByRole("button", { name: /^Open the contact with \+86 190\*{4}0004/ }));
  await screen.findByRole("heading", { name: "Contact" });
  await screen.findByRole("heading", { name: "Recording" });
});

it("says when nothing fits, and in Chinese", async () => {
  chooseLanguage("zh-CN");
  page("auditor", []);
  fireEvent.click(screen.getByRole("button", { name: "查找" }));
  await screen.findByText("没有符合条件的联系");
});

it("is not for agents", () => {
  page("agent", []);
  screen.getByText("This page is for supervisors, auditors and compliance.");
  expect(screen.queryByRole("search")).toBeNull();
});

it("asks for whole days, the last one included", () => {
  const query = new URLSearchParams(
    queryOf({ ...EMPTY_FILTER, from: "2026-05-06", to: "2026-05-06", recorded: false }),
  );
  const [from, to] = [query.get("from"), query.get("to")].map((at) => Date.parse(at ?? ""));
  expect((to ?? 0) - (from ?? 0)).toBe(24 * 3_600_000);
  expect(query.has("recorded")).toBe(false);
});
