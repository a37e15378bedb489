import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ContactView, Level, Me, Operation, OperationPreview } from "../../api/types.ts";
import { chooseLanguage } from "../../i18n/language.ts";
import { CaseSearch } from "../agent/case-search.tsx";
import { ApprovalsPage } from "./approvals-page.tsx";
import { RefundCard } from "./refund-card.tsx";

const cny = (amount: string) => ({ amount, currency: "CNY" });

const WAITING: Operation = {
  id: "rf_1",
  type: "refund",
  reference: "R123456782",
  state: "awaiting_approval",
  wallet: "jinqiao",
  contact: "ct_1",
  transaction: "261118000486",
  amount: cny("60.00"),
  captured: cny("199.00"),
  left: cny("199.00"),
  reason: "charged twice",
  maker: "1024",
  level: "A3",
  evidence: { level: "A3", contact: "ct_1", factors: 2, at: "2026-05-06T10:00:00.000Z" },
  needs: "checker",
  missing: ["approval"],
  unfit: null,
  customer_left: cny("20000.00"),
  maker_left: cny("50000.00"),
  correlation_id: "0f8fad5b-d9cb-469f-a165-70867728950e",
  wallet_reference: null,
  proposal: null,
  decisions: [{ verdict: "asked", by: "1024", reason: "charged twice", at: "2026-05-06T10:00:00.000Z" }],
  asked_at: "2026-05-06T10:00:00.000Z",
  decide_by: "2026-05-09T10:00:00.000Z",
  doubtful_since: null,
  settled_at: null,
};

const PREVIEW: OperationPreview = {
  transaction: "261118000486",
  captured: cny("199.00"),
  left: cny("199.00"),
  amount: cny("60.00"),
  unfit: null,
  needs: "checker",
  missing: ["approval"],
  customer_left: cny("20000.00"),
  maker_left: cny("50000.00"),
};

type Sent = { method: string; path: string; key: string | null; body: unknown };
let sent: Sent[] = [];
let stored: Operation[] = [];
let answers: Record<string, () => Response> = {};

const refused = (status: number, slug: string) => () =>
  Response.json({ type: `https://walletline.dev/problems/${slug}` }, { status });

beforeEach(() => {
  [sent, stored, answers] = [[], [], {}];
  chooseLanguage("en");
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const method = init.method ?? "GET";
    const key = new Headers(init.headers).get("Idempotency-Key");
    if (method !== "GET") sent.push({ method, path, key, body: JSON.parse(String(init.body ?? "null")) });
    const found = answers[`${method} ${path}`];
    if (found) return found();
    return Response.json(/\/operations(\?.*)?$/.test(path) ? stored : stored[0]);
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function inPage(page: React.ReactNode) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(<QueryClientProvider client={queries}>{page}</QueryClientProvider>);
}

function card(level: Level, more: Partial<ContactView> = {}) {
  const contact: ContactView = {
    id: "ct_1",
    agent: "st_1",
    wallet: "jinqiao",
    line: "8000",
    channel: "voice",
    caller: "+86 190****0001",
    caller_id: "none",
    path: [],
    legs: [],
    factors: ["sms_code"],
    queue: "jinqiao-refunds",
    priority: 5,
    level,
    customer: { number: "", risk: [], operations: [] },
    queued_at: "2026-05-06T10:00:00.000Z",
    leads: true,
    parties: [],
    ...more,
  };
  return inPage(<RefundCard contact={contact} />);
}

const typeInto = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));

async function untilPreview() {
  answers["POST /api/v1/operation-previews"] = () => Response.json(PREVIEW);
  press("Ask for a refund…");
  typeInto(/^Transaction/, "000486");
  typeInto(/^Amount/, "60");
  typeInto(/^Reason/, "charged twice");
  press("Preview the effect");
  await screen.findByRole("button", { name: "Ask for this refund" });
}

describe("a refund at the desk", () => {
  it("says of an unverified caller, and of an ended call, what it needs", async () => {
    const { unmount } = card("A1");
    expect(screen.getByText("needs a code that came back")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Ask for a refund…" }).hasAttribute("disabled")).toBe(true);
    unmount();
    card("A2", { ended_at: "2026-05-06T10:10:00.000Z" });
    expect(screen.getByText("Needs a live call")).toBeTruthy();
  });

  it("is previewed with who approves it, then asked for once under one key, and shown as it stands", async () => {
    card("A3");
    await untilPreview();
    const dialog = within(screen.getByRole("dialog"));
    expect(dialog.getByText("CNY 60.00")).toBeTruthy();
    expect(dialog.getByText("One checker must approve")).toBeTruthy();
    expect(dialog.getByText("a second person's approval; nothing goes back before")).toBeTruthy();
    answers["POST /api/v1/operations"] = () => {
      stored = [WAITING];
      return Response.json(WAITING, { status: 201 });
    };
    press("Ask for this refund");
    await screen.findByText("The refund you asked for");
    expect(screen.getAllByText("R 123 456 782").length).toBeGreaterThan(0);
    expect(screen.getByText("Do not say that money went back before the wallet confirms it.")).toBeTruthy();
    expect(sent.map((each) => each.path)).toEqual(["/api/v1/operation-previews", "/api/v1/operations"]);
    expect(sent[1]?.body).toMatchObject({ type: "refund", contact: "ct_1", transaction: "000486", amount: "60" });
    expect(sent[1]?.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("whose answer was lost is sent again under the same key, and cannot be changed meanwhile", async () => {
    card("A3");
    await untilPreview();
    answers["POST /api/v1/operations"] = () => {
      throw new TypeError("cut");
    };
    press("Ask for this refund");
    await screen.findByText(/^No answer came/);
    expect(screen.getByRole("button", { name: "Change" }).hasAttribute("disabled")).toBe(true);
    answers["POST /api/v1/operations"] = () => {
      stored = [WAITING];
      return Response.json(WAITING);
    };
    press("Send again (never refunds twice)");
    await screen.findByText("The refund you asked for");
    const keys = sent.filter((each) => each.path === "/api/v1/operations").map((each) => each.key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it("says what a rule refused, in the reader's words", async () => {
    card("A3");
    await untilPreview();
    answers["POST /api/v1/operations"] = refused(409, "customer-limit");
    press("Ask for this refund");
    expect(await screen.findByText("The customer's daily limit is reached. Ask again tomorrow.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Change" }).hasAttribute("disabled")).toBe(false);
  });

  it("takes the second factor it lacks once the customer has shown it", async () => {
    stored = [{ ...WAITING, evidence: null, missing: ["evidence", "approval"] }];
    const { unmount } = card("A2");
    await screen.findByText("Needs the customer's second factor");
    expect(screen.getByRole("button", { name: /^Record/ }).hasAttribute("disabled")).toBe(true);
    unmount();
    card("A3");
    await screen.findByText(/second factor is missing/);
    answers["POST /api/v1/operations/rf_1/evidence"] = () => {
      stored = [WAITING];
      return Response.json(WAITING);
    };
    press(/^Record/);
    await waitFor(() => expect(screen.queryByText(/second factor is missing/)).toBeNull());
    expect(sent.at(-1)?.body).toEqual({ contact: "ct_1" });
  });
});

it("is found by the reference its customer reads out, whoever asked for it", async () => {
  stored = [{ ...WAITING, maker: null, reason: "" }];
  answers["GET /api/v1/cases/R123456782"] = () =>
    Response.json({
      reference: "R123456782",
      kind: "refund",
      wallet: "jinqiao",
      state: "open",
      transaction: "261118000486",
      contacts: ["ct_1"],
      opened_at: "2026-05-06T10:00:00.000Z",
      closed_at: null,
      operations: [],
      grounds: null,
      clocks: [],
      credit: null,
      statement: null,
      uploads: [],
    });
  inPage(<CaseSearch />);
  fireEvent.change(screen.getByLabelText("Case by reference"), { target: { value: "R123456782" } });
  press("Find");
  expect(await screen.findByText("Waits for a second person")).toBeTruthy();
  expect(screen.getByText("CNY 60.00")).toBeTruthy();
});

const CHECKER: Me = {
  id: "st_9",
  user: "checker1",
  number: "1031",
  role: "checker",
  languages: ["en"],
  skills: [],
  teams: [],
  missing: null,
  second_factor: false,
  authenticator: false,
  passkey: false,
  second_factor_required: false,
};

describe("the checker's queue", () => {
  it("is for checkers and supervisors alone", () => {
    inPage(<ApprovalsPage me={{ ...CHECKER, role: "agent" }} />);
    expect(screen.getByText("This page is for checkers and supervisors.")).toBeTruthy();
  });

  it("shows all evidence in one view, and approves what another asked for", async () => {
    stored = [WAITING];
    inPage(<ApprovalsPage me={CHECKER} />);
    fireEvent.click(await screen.findByRole("button", { name: "Look at R 123 456 782" }));
    await screen.findByRole("heading", { name: "Refund R 123 456 782" });
    for (const text of ["charged twice", "2611 1800 0486", "CNY 20,000.00", "CNY 50,000.00", WAITING.correlation_id]) {
      expect(screen.getAllByText(new RegExp(text.replaceAll(".", "\\."))).length, text).toBeGreaterThan(0);
    }
    expect(screen.getByText(/^A3 · two factors/)).toBeTruthy();
    answers["POST /api/v1/operations/rf_1/decisions"] = () => {
      stored = [{ ...WAITING, state: "approved", needs: null, missing: [] }];
      return Response.json(stored[0]);
    };
    press("Approve");
    expect(await screen.findByText("Approved.")).toBeTruthy();
    expect(sent.at(-1)?.body).toEqual({ decision: "approve", reason: null });
  });

  it("declines with a reason only", async () => {
    stored = [WAITING];
    inPage(<ApprovalsPage me={CHECKER} />);
    fireEvent.click(await screen.findByRole("button", { name: "Look at R 123 456 782" }));
    fireEvent.click(await screen.findByRole("button", { name: "Decline" }));
    expect(await screen.findByText("Give a reason of 1 to 500 characters.")).toBeTruthy();
    expect(sent).toEqual([]);
  });

  it("tells whoever asked for it that somebody else must decide", async () => {
    stored = [{ ...WAITING, maker: CHECKER.number }];
    inPage(<ApprovalsPage me={CHECKER} />);
    fireEvent.click(await screen.findByRole("button", { name: "Look at R 123 456 782" }));
    expect(await screen.findByText("You asked for this refund: somebody else must decide.")).toBeTruthy();
    for (const name of ["Approve", "Decline"]) {
      expect(screen.getByRole("button", { name }).hasAttribute("disabled"), name).toBe(true);
    }
  });

  it("asks who is at the desk where the server wants it fresh, and acts once that is shown", async () => {
    stored = [WAITING];
    answers["GET /api/v1/session"] = () => Response.json(CHECKER);
    answers["POST /api/v1/session/confirm"] = () => Response.json(CHECKER);
    answers["POST /api/v1/operations/rf_1/decisions"] = refused(403, "fresh-factor-needed");
    inPage(<ApprovalsPage me={CHECKER} />);
    fireEvent.click(await screen.findByRole("button", { name: "Look at R 123 456 782" }));
    fireEvent.click(await screen.findByRole("button", { name: "Approve" }));
    const dialog = within(await screen.findByRole("dialog"));
    fireEvent.change(dialog.getByLabelText("Password"), { target: { value: "walletline-demo" } });
    answers["POST /api/v1/operations/rf_1/decisions"] = () => {
      stored = [{ ...WAITING, state: "approved" }];
      return Response.json(stored[0]);
    };
    fireEvent.click(dialog.getByRole("button", { name: "Confirm" }));
    expect(await screen.findByText("Approved.")).toBeTruthy();
    const decisions = sent.filter((each) => each.path.endsWith("/decisions"));
    expect(decisions).toHaveLength(2);
  });
});
