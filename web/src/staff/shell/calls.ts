// Joins the call engine to this tab's live connection. Both are singletons of the page: screens come and go, calls stay.

import { api } from "../../api/client.ts";
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
  if (event.kind === "contact_changed" && event.contact.ended_at) engine.contactEnded(event.contact.id);
});

live.onSnapshot((snapshot) => {
  // After a lost connection the server may have given the caller to someone else.
  const { contact } = engine.state();
  if (contact && !snapshot.contacts[contact]) engine.contactEnded(contact);
});
