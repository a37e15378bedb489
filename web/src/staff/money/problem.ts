// What a rule on money refused, as a stable slug that its screens translate.

import { BASE, Problem } from "../../api/problem.ts";

export const MONEY_SLUGS = [
  "no-certificate",
  "somebody-else",
  "supervisor-needed",
  "no-evidence",
  "not-enough-shown",
  "other-customer",
  "not-in-this-state",
  "too-late",
  "currency-not-offered",
  "more-than-is-left",
  "customer-limit",
  "maker-limit",
  "asked-further",
  "already-proposed",
  "nothing-proposed",
  "no-transaction",
  "several-transactions",
  "idempotency-key-reused",
  "wallet-not-connected",
] as const;

export type MoneySlug = (typeof MONEY_SLUGS)[number];

/** The slug of a refusal by a rule on money; null for whatever else was thrown. */
export function moneySlugOf(error: unknown): MoneySlug | null {
  if (!(error instanceof Problem)) return null;
  return MONEY_SLUGS.find((known) => error.type === BASE + known) ?? null;
}
