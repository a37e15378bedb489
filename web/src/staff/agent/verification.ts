// What a customer's keying of a code means for the desk: whether it goes on, and whether it may begin. The server decides; this only
// offers.

import type { ChallengeState, ChallengeView, ContactView } from "../../api/types.ts";
import { isVerified } from "./assurance.ts";

const GOES_ON: ReadonlySet<ChallengeState> = new Set(["sending", "sent", "keying", "checking", "wrong"]);

/** The customer is keying a code: nobody hears them. */
export function isKeying(challenge: ChallengeView | null | undefined): challenge is ChallengeView {
  return challenge !== undefined && challenge !== null && GOES_ON.has(challenge.state);
}

/** Whether this agent may ask the customer for a code now. */
export function canVerify(contact: ContactView | null): boolean {
  if (!contact?.leads || !contact.connected_at || contact.held_at || contact.ended_at || contact.asked) return false;
  const { challenge, level, customer, factors } = contact;
  // Under pressure nothing that is shown counts.
  if (customer.risk.includes("pressure")) return false;
  const more = isVerified(level) ? level === "A2" && factors.includes("second_factor") : factors.includes("sms_code");
  return more && challenge?.tries_left !== 0 && !isKeying(challenge);
}
