// Call control from an agent's own SIP phone: baresip over TLS with SRTP holds, hands over by REFER, calls a colleague first, and is told
// when nobody comes. What everybody hears is measured at their ears.

import { field, hearEachOther, hearsMusic, onBaresip, replacesOf, SECOND_HZ, tag, told, transfer } from "../src/agent-phone.ts";
import { DEMO_PASSWORD } from "../src/hotline.ts";
import { RtpPeer } from "../src/rtp-peer.ts";
import { Dialog, RawSip, sdp } from "../src/sip-raw.ts";
import { freeUdpPort, SipPhone } from "../src/sipp.ts";
import { expect, TONE, test, type World } from "../src/test.ts";

const SUITE = "srtp_sdes:AEAD_AES_256_GCM";

/** How the transfers of the last contact went, and what its agents' legs were encrypted with. */
async function recorded(world: World) {
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  const handed = (await lead.timeline(contact.id)).filter((entry) => entry.kind === "transferred");
  return { contact, handed: handed.map((entry) => `${entry.mode} ${entry.outcome}`) };
}

test("an agent's encrypted phone holds the customer, and takes them back", async ({ world }) => {
  const { agent, phone, caller } = await onBaresip(world);
  expect(phone.output).toMatch(/SRTP is Enabled \(cryptosuite=AEAD_AES_256_GCM\)/);
  phone.command("hold");
  await agent.untilState("hold");
  await hearsMusic(caller.rtp);
  phone.command("resume");
  await agent.untilState("talking");
  await hearEachOther(phone, caller);
  phone.command("hangup");
  const { contact } = await recorded(world);
  expect(contact.legs.map((leg) => leg.encryption)).toContain(SUITE);
});

test("a phone hands over blind, and both hear each other", async ({ world }) => {
  const { agent, phone, caller } = await onBaresip(world);
  const second = await world.agentWithPhone("agent2");
  transfer(world, phone, second.agent.me.number);
  await second.phone.rings();
  await hearsMusic(caller.rtp);
  await second.phone.answer(SECOND_HZ);
  await told(phone, "200 OK");
  await Promise.all([second.phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(SECOND_HZ)]);
  await agent.untilState("wrap_up");
  await caller.hangUp();
  await second.phone.endedByThem();
  expect((await recorded(world)).handed).toEqual(["blind completed"]);
});

test("a transfer that fails comes back with its reason, and a phone that lets go by itself loses no customer", async ({ world }) => {
  const { phone, caller } = await onBaresip(world);
  const comesBack = async () => {
    // This phone hangs up at the word that its transfer failed, and the caller rings first again.
    await phone.untilSaid(/Incoming call from/);
    phone.command("accept");
    await hearEachOther(phone, caller);
  };
  transfer(world, phone, "4711");
  await told(phone, "404 Not Found");
  await comesBack();
  transfer(world, phone, (await world.staff("agent2")).me.number);
  await told(phone, "480");
  await comesBack();
  const second = await world.agentWithPhone("agent2");
  transfer(world, phone, second.agent.me.number);
  await second.phone.rings();
  await second.phone.decline();
  await told(phone, "603");
  await caller.hangUp();
  expect((await recorded(world)).handed).toEqual(["blind declined"]);
});

test("an agent calls a colleague at a desk first, and joins the two calls", async ({ world }) => {
  const { agent, phone, caller } = await onBaresip(world);
  const desk = await world.desk("agent2");
  await desk.ready();
  const number = (await world.staff("agent2")).me.number;
  phone.command("hold");
  await agent.untilState("hold");
  phone.forget();
  phone.command(`dial sip:${number}@127.0.0.1:${world.hotline.sipTls};transport=tls`);
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipAgent), phone.untilTone(TONE.browserAgent)]);
  await hearsMusic(caller.rtp);

  const replaces = await replacesOf(phone);
  phone.command("line 1");
  transfer(world, phone, number, replaces);
  await told(phone, "200 OK");
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
  await agent.untilState("wrap_up");
  await caller.hangUp();
  await desk.becomes("wrap_up");
  expect((await recorded(world)).handed).toEqual(["attended completed"]);
});

test("an agent takes the call at hand on another phone of theirs, and a stranger does not", async ({ world }) => {
  const { phone, caller } = await onBaresip(world);
  const [answer] = await phone.untilSaid(/SIP\/2\.0 200 Answering(?:\r?\n[^\r\n]+)*/);
  const replaces = `Replaces: ${field(answer, "Call-ID")};to-tag=${tag(answer, "From")};from-tag=${tag(answer, "To")}`;
  const rtp = await RtpPeer.open();
  const invite = (dialog: Dialog) => dialog.request("INVITE", 1, { body: sdp(rtp.port), fresh: false, headers: [replaces] });

  const stranger = await RawSip.open(world.hotline.sip);
  const attempt = new Dialog(stranger, "8000", world.hotline.sip);
  await stranger.send(invite(attempt));
  await stranger.untilStatus(403, "INVITE");
  await stranger.send(attempt.ackRefusal());
  await stranger.close();
  await hearEachOther(phone, caller);

  const port = await freeUdpPort();
  expect(await SipPhone.tryRegister(world.hotline.sip, "agent1", DEMO_PASSWORD, port)).toBe(true);
  const other = await RawSip.open(world.hotline.sip, port);
  const dialog = new Dialog(other, "8000", world.hotline.sip);
  await other.send(invite(dialog).replace("From: <sip:+8619055550000@", "From: <sip:agent1@"));
  const taken = await other.untilStatus(200, "INVITE");
  dialog.learn(taken);
  await other.send(dialog.request("ACK", 1).replace("From: <sip:+8619055550000@", "From: <sip:agent1@"));
  rtp.connect(Number(/^m=audio (\d+)/m.exec(taken.text)?.[1]));
  rtp.tone(SECOND_HZ);
  await Promise.all([rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(SECOND_HZ)]);
  await phone.untilSaid(/terminated \(duration/);
  await caller.hangUp();
  await other.untilMessage("the end of the call", (message) => message.method === "BYE");
  rtp.close();
  await other.close();
});
