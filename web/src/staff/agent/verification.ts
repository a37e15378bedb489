// What a customer's keying of a code means for the desk: whether it goes on, and whether it may begin. The server decides; this only
// offers.

import type { ChallengeState, ChallengeView, ContactView, Factor } from "../../api/types.ts";
import { isVerified } from "./assurance.ts";

const GOES_ON: ReadonlySet<ChallengeState> = new Set(["sending", "sent", "keying", "checking", "wrong"]);

/** The customer is keying a code: nobody hears them. */
export function isKeying(challenge: ChallengeView | null | undefined): challenge is ChallengeView {
  return challenge !== undefined && challenge !== null && GOES_ON.has(challenge.state);
}

/** By what the customer can show who they are now: what this line offers, what is still of use, and what may still be tried. */
export function waysToVerify({ challenge, level, factors }: ContactView): Factor[] {
  const verified = isVerified(level);
  const isUsedUp = (factor: Factor) =>
    challenge?.tries_left === 0 && (challenge.factor === "app_transfer") === (factor === "app_transfer");
  const useful: Partial<Record<Factor, boolean>> = {
    sms_code: !verified,
    second_factor: verified && level === "A2",
    app_transfer: !verified || level === "A2",
  };
  return factors.filter((factor) => useful[factor] === true && !isUsedUp(factor));
}

/** Whether this agent may ask the customer for a code now. */
export function canVerify(contact: ContactView | null): boolean {
  if (!contact?.leads || !contact.connected_at || contact.held_at || contact.ended_at || contact.asked) return false;
  // Under pressure nothing that is shown counts.
  if (contact.customer.risk.includes("pressure")) return false;
  return waysToVerify(contact).length > 0 && !isKeying(contact.challenge);
}
