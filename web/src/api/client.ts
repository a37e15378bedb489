// The one way to the server's HTTP API. Every failure is a `Problem`; nothing is retried here, because a write that
// may have happened must not be sent twice by accident.

import { directorySlugOf, Problem, slugOf } from "./problem.ts";
import type {
  Accepted,
  AccountAct,
  ActVerdict,
  Callback,
  CallbackNumber,
  Case,
  CaseClock,
  CaseCredit,
  CaseUpload,
  CertificateGiven,
  CertificateKind,
  ClockAct,
  ClockFilter,
  Confirm,
  Contact,
  CreditAct,
  DemoApproval,
  DemoCustomer,
  DemoFault,
  DemoLedgerEntry,
  DemoLine,
  DemoMessage,
  DirectoryView,
  DueClock,
  Factor,
  Listing,
  ListingLine,
  ListingProposal,
  LookUp,
  Me,
  MonitorMode,
  Note,
  NumberShown,
  Operation,
  OperationAsked,
  OperationDecision,
  OperationPreview,
  Passkey,
  PasskeyAdded,
  PasskeyAsked,
  Presence,
  Recording,
  RecoveryCodes,
  ReportAbout,
  SeedOffered,
  StaffMember,
  Suspect,
  SuspectState,
  TalkingToUs,
  TimelineEntry,
  TransferMode,
  TransferTargets,
  TransferTo,
  WaitingAct,
  Watching,
  WrapUp,
} from "./types.ts";

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** How long a request may take before it counts as unreachable, milliseconds. */
const TIMEOUT_MS = 15_000;

/** The same for a file: the largest one over a slow network. */
const FILE_TIMEOUT_MS = 180_000;

/** How many recent contacts the desk lists: one screen's worth. */
const RECENT_LIMIT = 20;

async function send(
  method: Method,
  path: string,
  body?: unknown,
  keepalive = false,
  more: Record<string, string> = {},
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...more };
  if (method !== "GET") headers["X-Walletline"] = "1";
  // A form names its own type, with what parts it.
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      keepalive,
      credentials: "same-origin",
      signal: AbortSignal.timeout(isForm ? FILE_TIMEOUT_MS : TIMEOUT_MS),
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
  } catch {
    throw new Problem("unreachable", 0);
  }
  if (!response.ok) {
    const problem: unknown = await response.json().catch(() => null);
    const type = typeof problem === "object" && problem !== null && "type" in problem ? problem.type : null;
    throw new Problem(slugOf(type), response.status, directorySlugOf(type), String(type ?? ""));
  }
  return response;
}

async function get<T>(path: string): Promise<T> {
  return (await send("GET", path)).json() as Promise<T>;
}

async function write<T>(method: Method, path: string, body?: unknown): Promise<T> {
  return (await send(method, path, body)).json() as Promise<T>;
}

async function act(method: Method, path: string, body?: unknown, keepalive = false): Promise<void> {
  await send(method, path, body, keepalive);
}

const contactPath = (id: string) => `/api/v1/contacts/${encodeURIComponent(id)}`;
/** Where the sound of a contact's recording is. */
export const recordingPath = (id: string) => `${contactPath(id)}/recording`;
const callbackPath = (reference: string) => `/api/v1/callbacks/${encodeURIComponent(reference)}`;
const offerPath = (id: string) => `/api/v1/offers/${encodeURIComponent(id)}`;

export const api = {
  /** Who is logged in; null when nobody is. */
  session: async (): Promise<Me | null> => {
    try {
      return await get<Me>("/api/v1/session");
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  logIn: (user: string, password: string) => write<Me>("POST", "/api/v1/session", { user, password }),
  logOut: () => act("DELETE", "/api/v1/session"),
  setPassword: (token: string, password: string) => write<Me>("POST", "/api/v1/password", { token, password }),
  setPresence: (presence: Presence) => act("PUT", "/api/v1/me/state", presence),
  acceptOffer: (offer: string) => write<Accepted>("POST", `${offerPath(offer)}/accept`),
  declineOffer: (offer: string) => act("POST", `${offerPath(offer)}/decline`),
  hold: (contact: string) => act("POST", `${contactPath(contact)}/hold`),
  /** A supervisor listens, or changes who hears them; with a leg when it is to be connected. */
  monitor: (contact: string, mode: MonitorMode) => write<Watching>("POST", `${contactPath(contact)}/monitor`, { mode }),
  stopMonitoring: (contact: string) => act("DELETE", `${contactPath(contact)}/monitor`),
  takeOver: (contact: string) => write<Watching>("POST", `${contactPath(contact)}/take-over`),
  /** Takes a call up again whose audio this desk lost. */
  reconnect: (contact: string) => write<Accepted>("POST", `${contactPath(contact)}/reconnect`),
  transferTargets: (contact: string) => get<TransferTargets>(`${contactPath(contact)}/transfer-targets`),
  transfer: (contact: string, to: TransferTo, mode: TransferMode) =>
    act("POST", `${contactPath(contact)}/transfer`, { to, mode }),
  takeBack: (contact: string) => act("POST", `${contactPath(contact)}/take-back`),
  leave: (contact: string) => act("POST", `${contactPath(contact)}/leave`),
  pressKeys: (contact: string, digits: string) => act("POST", `${contactPath(contact)}/keys`, { digits }),
  /** Has the customer key a code; without a number, sent to the one they named or call from. Once more sends another. */
  challenge: (contact: string, number: string | null = null, factor: Factor = "sms_code") =>
    act("POST", `${contactPath(contact)}/challenges`, { factor, ...(number === null ? {} : { number }) }),
  /** Has something done to the customer's account; once more while it is under way asks for nothing new. */
  actOnAccount: (contact: string, what: AccountAct) =>
    act("POST", `${contactPath(contact)}/account-acts`, { act: what }),
  /** Has the wallet asked for devices, sessions and second factor; they come with the contact. */
  lookAtAccount: (contact: string) => act("POST", `${contactPath(contact)}/account-views`),
  /** Acts on accounts that wait for a second person. */
  waitingActs: () => get<WaitingAct[]>("/api/v1/account-acts"),
  decideAct: (id: string, verdict: ActVerdict) =>
    act("POST", `/api/v1/account-acts/${encodeURIComponent(id)}/decisions`, { verdict }),
  /** Notes that the caller seems to be told what to do. */
  suspectPressure: (contact: string) => act("POST", `${contactPath(contact)}/pressure`),
  /** Has the transaction watched that was asked about last; the customer is told when it moves. */
  watchTransaction: (contact: string) => act("POST", `${contactPath(contact)}/watch`),
  /** Has a case opened for what the customer tells; its reference comes with the contact. */
  reportCase: (contact: string, about: ReportAbout, transaction: string | null) =>
    act("POST", `${contactPath(contact)}/cases`, { about, transaction }),
  endChallenge: (contact: string) => act("DELETE", `${contactPath(contact)}/challenges`),
  resume: (contact: string) => act("POST", `${contactPath(contact)}/resume`),
  hangUp: (contact: string) => act("POST", `${contactPath(contact)}/hangup`),
  contacts: () => get<Contact[]>(`/api/v1/contacts?limit=${RECENT_LIMIT}`),
  /** Past contacts that fit a query of the list; the search goes on record. */
  findContacts: (query: string) => get<Contact[]>(`/api/v1/contacts?${query}`),
  contact: (id: string) => get<Contact>(contactPath(id)),
  timeline: (id: string) => get<TimelineEntry[]>(`${contactPath(id)}/timeline`),
  /** What is known of a recording; its sound is at `recordingPath`. */
  recording: (id: string) => get<Recording>(`${recordingPath(id)}/manifest`),
  placeHold: (id: string, reason: string) => write<Recording>("PUT", `${recordingPath(id)}/hold`, { reason }),
  liftHold: (id: string, reason: string) => write<Recording>("POST", `${recordingPath(id)}/hold/lift`, { reason }),
  /** A case by what the customer calls it. */
  case: (reference: string) => get<Case>(`/api/v1/cases/${encodeURIComponent(reference)}`),
  /** Does something about the provisional credit of a case; proposing names the amount. */
  ruleCredit: (reference: string, act: CreditAct, amount?: { amount: string; currency: string }) =>
    write<CaseCredit>("POST", `/api/v1/cases/${encodeURIComponent(reference)}/credit`, { act, ...amount }),
  /** Does something to a clock of a case, and answers with all of them. */
  ruleClock: (reference: string, clock: string, act: ClockAct) =>
    write<CaseClock[]>("POST", `/api/v1/cases/${encodeURIComponent(reference)}/clocks/${clock}`, { act }),
  /** Who waits to be called back; numbers are masked. */
  callbacks: () => get<Callback[]>("/api/v1/callbacks"),
  /** Whoever takes a request is shown its number, which goes on record. */
  takeCallback: (reference: string) => write<CallbackNumber>("POST", `${callbackPath(reference)}/take`),
  finishCallback: (reference: string) => act("POST", `${callbackPath(reference)}/finish`),
  /** The calling number in full, for a reason that goes on record. */
  showNumber: (id: string, reason: string) => write<NumberShown>("POST", `${contactPath(id)}/number`, { reason }),
  note: async (id: string): Promise<string> => (await get<Note>(`${contactPath(id)}/note`)).text,
  /** `leaving` lets the request outlive the page. */
  saveNote: (id: string, text: string, leaving = false) => act("PUT", `${contactPath(id)}/note`, { text }, leaving),
  wrapUp: (id: string, wrapUp: WrapUp) => act("PUT", `${contactPath(id)}/wrap-up`, wrapUp),
};

const FACTOR = "/api/v1/session/second-factor";

/** What is shown besides a password. Each act leaves the session under another cookie, or needs a fresh confirmation. */
const PASSKEYS = "/api/v1/session/passkeys";

export const sessionApi = {
  confirm: (shown: Confirm) => write<Me>("POST", "/api/v1/session/confirm", shown),
  offer: () => write<SeedOffered>("POST", FACTOR),
  enrol: (code: string) => write<RecoveryCodes>("PUT", FACTOR, { code }),
  removeFactor: () => act("DELETE", FACTOR),
  renewCodes: () => write<RecoveryCodes>("POST", "/api/v1/session/recovery-codes"),
  passkeys: () => get<Passkey[]>(PASSKEYS),
  offerPasskey: () => write<PasskeyAsked>("POST", `${PASSKEYS}/offer`),
  addPasskey: (name: string, credential: Record<string, unknown>) =>
    write<PasskeyAdded>("POST", PASSKEYS, { name, credential }),
  challengePasskey: () => write<PasskeyAsked>("POST", `${PASSKEYS}/challenge`),
  removePasskey: (id: string) => act("DELETE", `${PASSKEYS}/${encodeURIComponent(id)}`),
};

const memberPath = (id: string) => `/api/v1/staff/${encodeURIComponent(id)}`;

export const staffApi = {
  list: () => get<StaffMember[]>("/api/v1/staff"),
  grant: (id: string, kind: CertificateKind, given: CertificateGiven) =>
    act("PUT", `${memberPath(id)}/certificates/${kind}`, given),
  revoke: (id: string, kind: CertificateKind) => act("DELETE", `${memberPath(id)}/certificates/${kind}`),
  resetFactor: (id: string) => act("DELETE", `${memberPath(id)}/second-factor`),
};

const OPERATIONS = "/api/v1/operations";
const operationPath = (id: string) => `${OPERATIONS}/${encodeURIComponent(id)}`;

/** Money that goes back. Asked for under a key: the same request under the same key is made once, however often it is sent. */
export const operationApi = {
  preview: (asked: OperationAsked) => write<OperationPreview>("POST", "/api/v1/operation-previews", asked),
  ask: async (asked: OperationAsked, key: string): Promise<Operation> => {
    const response = await send("POST", OPERATIONS, asked, false, { "Idempotency-Key": key });
    return response.json() as Promise<Operation>;
  },
  /** Those asked for in a contact. */
  ofContact: (contact: string) => get<Operation[]>(`${OPERATIONS}?contact=${encodeURIComponent(contact)}`),
  /** Those with what a customer calls one by, whoever asked for it; the reading goes on record. */
  named: (reference: string) => get<Operation[]>(`${OPERATIONS}?reference=${encodeURIComponent(reference)}`),
  /** Those that are not over, for whoever decides. */
  open: () => get<Operation[]>(OPERATIONS),
  /** One of them whole; the reading goes on record. */
  read: (id: string) => get<Operation>(operationPath(id)),
  takeEvidence: (id: string, contact: string) => write<Operation>("POST", `${operationPath(id)}/evidence`, { contact }),
  decide: (id: string, decision: OperationDecision) =>
    write<Operation>("POST", `${operationPath(id)}/decisions`, decision),
};

export const clockApi = {
  list: (filter: ClockFilter) => get<DueClock[]>(`/api/v1/clocks${filter === "all" ? "" : `?state=${filter}`}`),
};

const uploadsPath = (reference: string) => `/api/v1/cases/${encodeURIComponent(reference)}/uploads`;

export const caseApi = {
  /** Where a file is downloaded from. */
  evidence: (reference: string, id: string) => `${uploadsPath(reference)}/${encodeURIComponent(id)}`,
  sendEvidence: async (reference: string, file: File): Promise<CaseUpload> => {
    const form = new FormData();
    form.append("evidence", file);
    const response = await send("POST", uploadsPath(reference), form);
    return response.json() as Promise<CaseUpload>;
  },
};

export const lookUpApi = {
  list: () => get<LookUp[]>("/api/v1/look-ups"),
  see: (id: string) => act("POST", `/api/v1/look-ups/${encodeURIComponent(id)}/seen`),
};

const listingPath = (id: string) => `/api/v1/directory/${encodeURIComponent(id)}`;

export const directoryApi = {
  list: () => get<DirectoryView>("/api/v1/directory"),
  history: (id: string) => get<ListingLine[]>(`${listingPath(id)}/history`),
  propose: (proposal: ListingProposal) => write<Listing>("POST", "/api/v1/directory", proposal),
  decide: (id: string, approve: boolean, note = "") =>
    write<Listing>("POST", `${listingPath(id)}/decision`, { approve, note }),
  retract: (id: string) => write<Listing>("DELETE", `${listingPath(id)}/proposal`),
  reports: (state: SuspectState) => get<Suspect[]>(`/api/v1/directory/reports?state=${state}`),
  judge: (id: string, fraud: boolean) =>
    write<Suspect>("POST", `/api/v1/directory/reports/${encodeURIComponent(id)}/decision`, { fraud }),
};

export const demoApi = {
  customers: () => get<DemoCustomer[]>("/demo/api/customers"),
  lines: () => get<DemoLine[]>("/demo/api/lines"),
  messages: (msisdn: string) => get<DemoMessage[]>(`/demo/api/phones/${encodeURIComponent(msisdn)}/messages`),
  /** What the wallet's app on this phone asks now. */
  approvals: (msisdn: string) => get<DemoApproval[]>(`/demo/api/phones/${encodeURIComponent(msisdn)}/approvals`),
  /** Types a code into it; none refuses. */
  answerApproval: (msisdn: string, id: string, code: string | null) =>
    act("POST", `/demo/api/phones/${encodeURIComponent(msisdn)}/approvals/${encodeURIComponent(id)}`, { code }),
  /** As the wallet's app on this phone asks its own server. */
  talkingToUs: (wallet: string, msisdn: string) =>
    get<TalkingToUs>(`/demo/api/app/talking-to-us?${new URLSearchParams({ wallet, msisdn })}`),
  reset: () => act("POST", "/demo/api/reset"),
  /** Puts the wall time of rules forward; audio keeps its own. */
  advanceClock: (advance_s: number) => act("POST", "/demo/api/clock", { advance_s }),
  /** `count` 0 takes back what was ordered of the operation. */
  orderFault: (fault: DemoFault) => act("POST", "/demo/api/wallet/fault", fault),
  ledger: () => get<DemoLedgerEntry[]>("/demo/api/wallet/ledger"),
};
