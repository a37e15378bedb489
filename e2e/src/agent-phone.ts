// An agent on their own SIP phone, baresip over TLS with SRTP: in a conversation, and asking for what a phone may ask for.

import type { Baresip } from "./baresip.ts";
import type { RtpPeer } from "./rtp-peer.ts";
import { AUDIBLE_RMS, rms, share } from "./sound.ts";
import { expect, TONE, type World } from "./test.ts";
import { until } from "./wait.ts";

/** Of whoever comes second: to whom calls are handed. */
export const SECOND_HZ = 1700;

/** A caller who speaks with `agent1` on baresip. */
export async function onBaresip(world: World) {
  const { agent, phone } = await world.agentWithBaresip("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.untilSaid(/Incoming call from/);
  phone.command("accept");
  await hearEachOther(phone, caller);
  return { agent, phone, caller };
}

export async function hearEachOther(phone: Baresip, caller: { rtp: RtpPeer }): Promise<void> {
  await Promise.all([phone.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
}

/** A second in which music is heard, and no agent. */
export async function hearsMusic(rtp: RtpPeer): Promise<void> {
  rtp.forget();
  await until("a second was heard", () => rtp.heard.length >= 8_000, 20);
  expect(rms(rtp.heard), "never silence").toBeGreaterThan(AUDIBLE_RMS);
  for (const hz of [TONE.sipAgent, SECOND_HZ]) expect(share(rtp.lately, hz), `${hz} Hz is not heard`).toBeLessThan(0.05);
}

/** Hands the call at hand over, as the phone's key does; its other call is named in `replaces`. */
export function transfer(world: World, phone: Baresip, number: string, replaces?: string): void {
  const other = replaces === undefined ? "" : `?Replaces=${encodeURIComponent(replaces)}`;
  phone.forget();
  phone.command(`transfer <sip:${number}@127.0.0.1:${world.hotline.sipTls}${other}>`);
}

/** The last word that the phone hears of its transfer. */
export async function told(phone: Baresip, status: string): Promise<void> {
  await phone.untilSaid(new RegExp(`Subscription-State: terminated[\\s\\S]*?\\n\\r?\\nSIP/2.0 ${status}`));
}

export const field = (message: string, name: string) => new RegExp(`^${name}:\\s*(\\S+)`, "im").exec(message)?.[1] ?? "";
export const tag = (message: string, name: string) => new RegExp(`^${name}:.*;tag=([^;\\s]+)`, "im").exec(message)?.[1] ?? "";

/** How the phone's second call is named in a transfer: by the tags of its answer. */
export async function replacesOf(phone: Baresip): Promise<string> {
  const [answer] = await phone.untilSaid(/SIP\/2\.0 200 OK(?:\r?\n(?!CSeq)[^\r\n]+)*\r?\nCSeq: \d+ INVITE(?:\r?\n[^\r\n]+)*/);
  return `${field(answer, "Call-ID")};to-tag=${tag(answer, "To")};from-tag=${tag(answer, "From")}`;
}
