// Where the customer of a live contact is worked on: one part for each kind of question, the one they came with first.

import type { ContactView } from "../../api/types.ts";

export const CUSTOMER_TABS = ["payment", "account", "refunds", "cases"] as const;
export type CustomerTab = (typeof CUSTOMER_TABS)[number];

/** The part that a contact opens with: what the customer wrote before they called stands in the first. */
export function firstTab({ service, pass }: Pick<ContactView, "service" | "pass">): CustomerTab {
  if (pass) return "payment";
  switch (service) {
    case "account":
    case "security":
    case "freeze":
      return "account";
    case "refunds":
      return "refunds";
    default:
      return "payment";
  }
}
