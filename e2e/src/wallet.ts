// The demo's wallet and its customers, as the demo's addresses show and move them.

import type { Hotline } from "./hotline.ts";
import { until } from "./wait.ts";

/** The demo world's customers (contract). */
export const CUSTOMER = {
  liNa: "+8619000000001",
  wangWei: "+8619000000002",
  amyCarter: "+447700900003",
  zhaoLei: "+8619000000004",
  chenJing: "+8619000000005",
} as const;

/** Transactions of W100001, by how they stand. */
export const TRANSACTION = { completed: "261101000014", onTime: "261109000123", overdue: "261031000274", refundDue: "261115000331", paid: "261118000486", paidLarge: "261122000597" } as const;

export type Message = { channel: "sms" | "mail" | "push"; to: string; text: string; at: string };
export type Effect = { id: number; correlation_id: string; operation: string; account: string; amount?: string; at: string };
export type Customer = { name: string; msisdn: string; account: string; status: string; sub_status: string; totp_secret?: string; transactions: { id: string; type: string; status: string }[] };

export class Wallet {
  readonly hotline: Hotline;

  constructor(hotline: Hotline) {
    this.hotline = hotline;
    hotline.keepPrivate(...Object.values(CUSTOMER));
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.hotline.origin}/demo/api/${path}`);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async #post(path: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json", "x-walletline": "1" };
    const response = await fetch(`${this.hotline.origin}/demo/api/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
  }

  customers(): Promise<Customer[]> {
    return this.#get("customers");
  }

  async customer(msisdn: string): Promise<Customer> {
    const found = (await this.customers()).find((each) => each.msisdn === msisdn);
    if (!found) throw new Error(`nobody has ${msisdn}`);
    return found;
  }

  messages(msisdn: string): Promise<Message[]> {
    return this.#get(`phones/${encodeURIComponent(msisdn)}/messages`);
  }

  ledger(): Promise<Effect[]> {
    return this.#get("wallet/ledger");
  }

  fault(operation: string, fault: string, count: number): Promise<void> {
    return this.#post("wallet/fault", { operation, fault, count });
  }

  reset(): Promise<void> {
    return this.#post("reset", {});
  }

  advance(seconds: number): Promise<void> {
    return this.#post("clock", { advance_s: seconds });
  }

  /** Holds a line in a state; `planned` gives it back to its hours. */
  hold(line: string, state: "open" | "closed" | "holiday" | "overload" | "incident" | "planned"): Promise<void> {
    return this.#post(`lines/${line}`, { state });
  }

  /** The newest code on a customer's phone that is none of `known`. */
  async untilCode(msisdn: string, known: string[] = [], seconds = 20): Promise<string> {
    const code = await until(
      `a code on the phone`,
      async () => {
        const codes = (await this.messages(msisdn)).map((message) => /\b\d{6}\b/.exec(message.text)?.[0] ?? "");
        return codes.find((each) => each !== "" && !known.includes(each)) ?? null;
      },
      seconds,
    );
    this.hotline.keepPrivate(code);
    return code;
  }

  /** The newest message in which this stands. */
  untilMessage(msisdn: string, wanted: RegExp, channel?: Message["channel"], seconds = 20): Promise<Message> {
    const find = async () => (await this.messages(msisdn)).find((each) => wanted.test(each.text) && (channel ?? each.channel) === each.channel) ?? null;
    return until(`a message ${wanted}`, find, seconds);
  }

  untilStatus(msisdn: string, subStatus: string, seconds = 20): Promise<Customer> {
    const find = async () => {
      const customer = await this.customer(msisdn);
      return customer.sub_status === subStatus ? customer : null;
    };
    return until(`an account is ${subStatus}`, find, seconds);
  }
}
