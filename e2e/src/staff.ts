// A member of staff over the API alone: what a page would do, without a page. Also reads the record, for every test that
// compares what happened with what is written down.

import { DEMO_PASSWORD, type Hotline } from "./hotline.ts";
import { until } from "./wait.ts";

export type Contact = {
  id: string;
  line: string;
  wallet: string;
  channel: string;
  caller: string;
  language: string | null;
  service: string | null;
  level: string;
  opened_at: string;
  answered_at: string | null;
  queued_at: string | null;
  connected_at: string | null;
  ended_at: string | null;
  agents: { id: string; number: string }[];
  disposition: string | null;
  case: string | null;
  legs: { direction: string; outside?: string; codec: string; encryption: string; packets: number; lost: number; jitter_ms: number; round_trip_ms: number | null; mos: number | null }[];
  recording: string | null;
};

export type TimelineEntry = { at: string; kind: string; text: string } & Record<string, unknown>;

export type AuditEntry = { seq: number; action: string; subject: string; purpose: string | null };

/** Entries of the audit log in one answer, at most. */
const AUDIT_PAGE = 200;

export class Staff {
  readonly hotline: Hotline;
  readonly user: string;
  readonly me: { id: string; number: string; role: string };
  #cookie: string;

  private constructor(hotline: Hotline, user: string, me: Staff["me"], cookie: string) {
    [this.hotline, this.user, this.me, this.#cookie] = [hotline, user, me, cookie];
  }

  static async logIn(hotline: Hotline, user: string, password = DEMO_PASSWORD): Promise<Staff> {
    const response = await fetch(`${hotline.origin}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-walletline": "1" },
      body: JSON.stringify({ user, password }),
    });
    if (!response.ok) throw new Error(`${user} cannot log in: ${response.status} ${await response.text()}`);
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return new Staff(hotline, user, (await response.json()) as Staff["me"], cookie);
  }

  /** For requests with headers of their own. */
  get cookie(): string {
    return this.#cookie;
  }

  request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { cookie: this.#cookie, "x-walletline": "1" };
    if (body !== undefined) headers["content-type"] = "application/json";
    return fetch(`${this.hotline.origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request("GET", path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async put(path: string, body: unknown): Promise<void> {
    const response = await this.request("PUT", path, body);
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  }

  ready(): Promise<void> {
    return this.put("/api/v1/me/state", { state: "ready" });
  }

  async state(): Promise<string> {
    return (await this.get<{ state: string }>("/api/v1/me/state")).state;
  }

  untilState(state: string, seconds = 30): Promise<unknown> {
    let seen = "";
    const ask = async () => {
      seen = await this.state();
      return seen === state;
    };
    return until(`${this.user} is ${state}`, ask, seconds, () => `but ${seen}`);
  }

  contacts(limit = 20): Promise<Contact[]> {
    return this.get(`/api/v1/contacts?limit=${limit}`);
  }

  contact(id: string): Promise<Contact> {
    return this.get(`/api/v1/contacts/${id}`);
  }

  timeline(id: string): Promise<TimelineEntry[]> {
    return this.get(`/api/v1/contacts/${id}/timeline`);
  }

  /** The newest contact for which `wanted` holds. */
  untilContact(what: string, wanted: (contact: Contact) => boolean = () => true, seconds = 20): Promise<Contact> {
    let seen: Contact[] = [];
    const ask = async () => {
      seen = await this.contacts();
      return seen.find(wanted) ?? null;
    };
    return until(`a contact ${what}`, ask, seconds, () => JSON.stringify(seen.slice(0, 3)));
  }

  /** Everything in the audit log about a subject, oldest first; for auditors. */
  async audit(subject: string): Promise<AuditEntry[]> {
    const found: AuditEntry[] = [];
    for (;;) {
      const page = await this.get<AuditEntry[]>(`/api/v1/audit?subject=${subject}&after=${found.at(-1)?.seq ?? 0}&limit=${AUDIT_PAGE}`);
      found.push(...page);
      if (page.length < AUDIT_PAGE) return found;
    }
  }
}
