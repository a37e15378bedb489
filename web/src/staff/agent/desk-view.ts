// What this agent's desk shows, drawn from the live snapshot and the state of the call's audio. Pure: the same inputs
// give the same desk, also after a reload.

import type { AgentView, ContactView, OfferView, Snapshot } from "../../api/types.ts";
import type { EngineState } from "../../call/engine.ts";

export type DeskMode = "idle" | "ringing" | "call" | "wrap_up";

export type DeskView = {
  mode: DeskMode;
  agent: AgentView | null;
  offer: OfferView | null;
  contact: ContactView | null;
  /** The call's audio is on the agent's SIP phone, not in this browser. */
  isOnPhone: boolean;
  /** The call's audio should be in this browser, and is not. */
  isAudioLost: boolean;
};

export function deskView(snapshot: Snapshot, me: string, call: EngineState): DeskView {
  const agent = snapshot.agents[me] ?? null;
  const offer = Object.values(snapshot.offers).find((candidate) => candidate.agent === me) ?? null;
  const own = Object.values(snapshot.contacts).filter((candidate) => candidate.agent === me);
  const contact = own.find((candidate) => !candidate.ended_at) ?? own[0] ?? null;
  const mode = modeOf(offer, contact, call);
  const isQuiet = mode === "call" && call.call === "idle";
  const isOnPhone = contact?.voice === "phone" && call.call === "idle";
  return { mode, agent, offer, contact, isOnPhone, isAudioLost: isQuiet && contact !== null && !isOnPhone };
}

function modeOf(offer: OfferView | null, contact: ContactView | null, call: EngineState): DeskMode {
  if (contact && !contact.ended_at) return "call";
  if (offer) return "ringing";
  if (contact) return "wrap_up";
  // Accepted, but the live event is still on its way.
  return call.contact !== null ? "call" : "idle";
}
