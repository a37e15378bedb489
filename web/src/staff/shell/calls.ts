// Joins the call engine to this tab's live connection. Both are singletons of the page: screens come and go, calls stay.

import { api } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";
import type { ContactView } from "../../api/types.ts";
import { openMicrophone } from "../../call/devices.ts";
import { CallEngine } from "../../call/engine.ts";
import { openPeer } from "../../call/peer.ts";
import { Ringer } from "../../call/ringer.ts";
import { iceServers } from "../../call/settings.ts";
import { TabLock } from "../../call/tab-lock.ts";
import { live } from "../../live/desk-socket.ts";

export const engine = new CallEngine({
  microphone: openMicrophone,
  peer: openPeer,
  iceServers,
  accept: api.acceptOffer,
  reconnect: api.reconnect,
  watch: async (contact, mode) => {
    const { leg } = mode === "take_over" ? await api.takeOver(contact) : await api.monitor(contact, mode);
    // Another tab of this supervisor is on the call.
    if (!leg) throw new Problem("busy", 409);
    return { contact, leg };
  },
  sendOffer: (leg, sdp) => live.send({ type: "rtc.offer", leg, sdp }),
});

export const ringer = new Ringer(localStorage);

export const tabLock = new TabLock(navigator.locks);

live.onRtc((message) => {
  if (message.type === "rtc.answer") void engine.answered(message.leg, message.sdp);
  else engine.legEnded(message.leg);
});

live.onEvent((event) => {
  if (event.kind === "contact_gone") engine.contactEnded(event.contact);
  if (event.kind === "contact_changed" && isSilent(event.contact)) engine.contactEnded(event.contact.id);
});

live.onSnapshot((snapshot) => {
  // After a lost connection the server may have given the caller to someone else.
  const { contact } = engine.state();
  const view = contact === null ? undefined : snapshot.contacts[contact];
  if (contact && (!view || isSilent(view))) engine.contactEnded(contact);
});

/** Nothing of this contact is heard here any more: it ended, or the server lost this desk's audio. */
function isSilent(contact: ContactView): boolean {
  return Boolean(contact.ended_at) || (contact.voice === "lost" && engine.state().leg !== null);
}
