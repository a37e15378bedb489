// What an agent typed, read into a request; and whether its preview may be asked for. Pure. Sums are decimal strings from end to end: none
// passes through floating point.

import { Problem } from "../../api/problem.ts";
import type { OperationAsked, OperationPreview, Sum } from "../../api/types.ts";

export type Draft = { transaction: string; amount: string; reason: string };
export type DraftField = keyof Draft;

export const REASON_MAX = 500;

/** Decimals that any currency has at most, and digits before them. */
const DECIMALS_MAX = 4;
const AMOUNT = new RegExp(`^(0|[1-9]\\d{0,17})(\\.\\d{1,${DECIMALS_MAX}})?$`);

export type Read = { ok: true; asked: OperationAsked } | { ok: false; wrong: DraftField[] };

/** The request that a draft means, or which of its fields cannot be read. */
export function readDraft(draft: Draft, contact: string): Read {
  const transaction = draft.transaction.normalize("NFKC").replace(/[\s\p{Pd}]/gu, "");
  const amount = draft.amount.normalize("NFKC").replace(/\s/g, "");
  const reason = draft.reason.trim();
  const wrong: DraftField[] = [];
  if (!/^\d{6,64}$/.test(transaction)) wrong.push("transaction");
  if (amount !== "" && (!AMOUNT.test(amount) || units(amount) === 0n)) wrong.push("amount");
  if (reason === "" || [...reason].length > REASON_MAX) wrong.push("reason");
  if (wrong.length > 0) return { ok: false, wrong };
  return { ok: true, asked: { type: "refund", contact, transaction, reason, ...(amount === "" ? {} : { amount }) } };
}

export type Obstacle = "unfit" | "certificate" | "currency" | "customer" | "maker";

/** Why this cannot be asked for; none when it can. What is missing besides is said and may come later. */
export function obstacleOf(preview: OperationPreview): Obstacle | null {
  if (preview.unfit !== null) return "unfit";
  if (preview.missing.includes("certificate")) return "certificate";
  if (preview.needs === null || preview.customer_left === null || preview.maker_left === null) return "currency";
  if (isMore(preview.amount, preview.customer_left)) return "customer";
  return isMore(preview.amount, preview.maker_left) ? "maker" : null;
}

/** More, of the same currency. */
export function isMore(sum: Sum, than: Sum): boolean {
  return units(sum.amount) > units(than.amount);
}

function units(amount: string): bigint {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(whole + fraction.padEnd(DECIMALS_MAX, "0"));
}

/** Nobody knows whether the request arrived: only the same one, under the same key, may be sent again. */
export function isInDoubt(error: unknown): boolean {
  return !(error instanceof Problem) || error.status === 0 || error.status >= 500;
}
