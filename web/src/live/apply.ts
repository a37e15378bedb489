// The reducer of everything the desk shows live: an old snapshot plus the events since is the fresh snapshot.
// The server holds the same law in Rust. It is pure: it never fetches and never guesses.

import type { LiveEvent, Snapshot } from "../api/types.ts";

export const EMPTY_SNAPSHOT: Snapshot = { agents: {}, queues: {}, offers: {}, calls: {}, contacts: {} };

function without<T>(map: Record<string, T>, id: string): Record<string, T> {
  const { [id]: _removed, ...rest } = map;
  return rest;
}

/** The snapshot after `event`; the one given is left as it was. */
export function apply(snapshot: Snapshot, event: LiveEvent): Snapshot {
  switch (event.kind) {
    case "agent_changed":
      return { ...snapshot, agents: { ...snapshot.agents, [event.agent.id]: event.agent } };
    case "queue_changed":
      return { ...snapshot, queues: { ...snapshot.queues, [event.queue.id]: event.queue } };
    case "offer_made":
      return { ...snapshot, offers: { ...snapshot.offers, [event.offer.id]: event.offer } };
    case "offer_ended":
      return { ...snapshot, offers: without(snapshot.offers, event.offer) };
    case "call_changed":
      return { ...snapshot, calls: { ...snapshot.calls, [event.call.id]: event.call } };
    case "call_gone":
      return { ...snapshot, calls: without(snapshot.calls, event.contact) };
    case "contact_changed":
      return { ...snapshot, contacts: { ...snapshot.contacts, [event.contact.id]: event.contact } };
    case "contact_gone":
      return { ...snapshot, contacts: without(snapshot.contacts, event.contact) };
    default:
      // A newer server may tell more than this page knows; what it knows stays true.
      return snapshot;
  }
}
