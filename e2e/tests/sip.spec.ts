// SIP as other phones speak it, well and badly: what is refused, and with which status; every moment at which a caller may hang
// up; and bytes that are no SIP at all. After each of them the hotline answers the next call.

import { Dialog, RawSip, sdp } from "../src/sip-raw.ts";
import { RtpPeer } from "../src/rtp-peer.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { sleep, until } from "../src/wait.ts";

async function answersStill(world: World): Promise<void> {
  const caller = await world.call();
  await caller.rtp.untilSound();
  await caller.hangUp();
}

test("an unknown line is told 404", async ({ world }) => {
  expect(await (await world.dial({ line: "4711" })).refused()).toBe(404);
  await answersStill(world);
});

test("an offer without a common codec is told 488", async ({ world }) => {
  expect(await (await world.dial({ payload: { number: 18, name: "G729" } })).refused()).toBe(488);
  await answersStill(world);
});

test("an offer without audio is told 488", async ({ world }) => {
  const sip = await RawSip.open(world.hotline.sip);
  const dialog = new Dialog(sip, "8000", world.hotline.sip);
  await sip.send(dialog.invite(sdp(40_000, "video 40000 RTP/AVP 96", "a=rtpmap:96 H264/90000\r\n")));
  await sip.untilStatus(488, "INVITE");
  await sip.send(dialog.ackRefusal());
  await sip.close();
  await answersStill(world);
});

test.describe("at the program's limit", () => {
  test.use({ options: { config: "[sip]\ncalls_max = 1\n" } });
  test("the next call is told 503, and the one after a hang-up is answered", async ({ world }) => {
    const first = await world.call();
    expect(await (await world.dial()).refused()).toBe(503);
    await first.hangUp();
    await answersStill(world);
  });
});

test.describe("at a line's limit", () => {
  const line = (number: string, more = "") => `[[line]]\nnumber = "${number}"\nwallet = "jinqiao"\n${more}\n`;
  test.use({ options: { config: line("8000", "calls_max = 1") + line("8001") } });
  test("the next call is told 486, and another line still answers", async ({ world }) => {
    await world.call();
    expect(await (await world.dial()).refused()).toBe(486);
    const other = await world.call({ line: "8001" });
    await other.rtp.untilSound();
  });
});

test("a CANCEL in the moment of the answer ends the call either way", async ({ world }) => {
  const rtp = await RtpPeer.open();
  for (let round = 0; round < 5; round += 1) {
    const sip = await RawSip.open(world.hotline.sip);
    const dialog = new Dialog(sip, "8000", world.hotline.sip);
    await sip.send(dialog.invite(sdp(rtp.port)));
    await sip.send(dialog.cancel());
    await sip.untilStatus(200, "CANCEL");
    const final = await sip.untilMessage("a final answer to INVITE", (m) => m.status >= 200 && m.header("CSeq").endsWith("INVITE"));
    if (final.status === 200) {
      // The answer was faster: such a call is ended by BYE (RFC 3261 section 15).
      dialog.learn(final);
      await sip.send(dialog.request("ACK", 1));
      await sip.send(dialog.request("BYE", 2));
      await sip.untilStatus(200, "BYE");
    } else {
      expect(final.status).toBe(487);
      await sip.send(dialog.ackRefusal());
    }
    await sip.close();
  }
  rtp.close();
  await answersStill(world);
  const lead = await world.staff("lead1");
  await until("no contact is left open", async () => (await lead.contacts()).every((contact) => contact.ended_at !== null));
});

test("OPTIONS is answered with 200 and what is allowed", async ({ world }) => {
  const sip = await RawSip.open(world.hotline.sip);
  const dialog = new Dialog(sip, "8000", world.hotline.sip);
  await sip.send(dialog.request("OPTIONS", 1));
  const response = await sip.untilStatus(200, "OPTIONS");
  expect(response.header("Allow")).toMatch(/INVITE/);
  expect(response.header("Allow")).toMatch(/CANCEL/);
  await sip.close();
});

test("an unknown method is told that it is not allowed, and a request outside a dialog 481", async ({ world }) => {
  const sip = await RawSip.open(world.hotline.sip);
  const unknown = new Dialog(sip, "8000", world.hotline.sip);
  await sip.send(unknown.request("DANCE", 1));
  const response = await sip.untilMessage("an answer to DANCE", (m) => m.status >= 300 && m.header("CSeq").endsWith("DANCE"));
  expect([405, 501]).toContain(response.status);
  const stray = new Dialog(sip, "8000", world.hotline.sip);
  stray.toTag = "nobody";
  await sip.send(stray.request("BYE", 7));
  await sip.untilStatus(481, "BYE");
  await sip.close();
});

test("a re-INVITE moves the audio to the caller's new address", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await caller.rtp.untilTone(TONE.sipAgent);
  caller.rtpMoved.tone(520);
  await caller.reinvite();
  await Promise.all([caller.rtpMoved.untilTone(TONE.sipAgent), phone.rtp.untilTone(520)]);
  await caller.hangUp();
  await phone.endedByThem();
});

test("a caller may hang up in every state, and each contact is closed for what it was", async ({ world }) => {
  const lead = await world.staff("lead1");
  const last = async () => {
    const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null && !seen.has(each.id));
    seen.add(contact.id);
    return contact;
  };
  const seen = new Set<string>();

  await test.step("in the greeting", async () => {
    const caller = await world.call();
    await caller.rtp.untilSound();
    await caller.hangUp();
    expect((await last()).queued_at).toBeNull();
  });
  await test.step("in the menu", async () => {
    const caller = await world.call();
    await caller.press("2");
    await caller.hangUp();
    expect(await last()).toMatchObject({ language: "en", queued_at: null });
  });
  await test.step("in the queue", async () => {
    const caller = await world.call();
    await caller.press("20");
    await lead.untilContact("in the queue", (each) => each.queued_at !== null && each.ended_at === null);
    await caller.hangUp();
    expect((await last()).disposition).toMatch(/abandon/);
  });
  const { agent, phone } = await world.agentWithPhone("agent1");
  await test.step("while an agent's phone rings", async () => {
    const caller = await world.call();
    await caller.press("20");
    await phone.rings();
    await caller.hangUp();
    await phone.cancelled();
    expect((await last()).disposition).toMatch(/abandon/);
    await agent.untilState("ready");
  });
  await test.step("in the conversation", async () => {
    const caller = await world.call();
    await caller.press("20");
    await phone.rings();
    await phone.answer(900);
    await caller.rtp.untilTone(900);
    await caller.hangUp();
    await phone.endedByThem();
    expect((await last()).connected_at).not.toBeNull();
    await agent.untilState("wrap_up");
  });
  await until("no leg is left", async () => (await world.hotline.metric("walletline_legs")) === 0);
});

test("a conversation whose caller vanished is ended by the agent, and nothing of it is left", async ({ world }) => {
  const { agent, phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await phone.rtp.untilTone(TONE.sipCaller);
  await caller.vanish();
  await phone.hangUp();
  const contact = await agent.untilContact("with its end", (each) => each.ended_at !== null);
  expect(contact.connected_at).not.toBeNull();
  // The BYE to a phone without power is sent again and again for 32 s (RFC 3261, timer F).
  await until("no leg is left", async () => (await world.hotline.metric("walletline_legs")) === 0, 60);
});

test("garbage, truncated and oversized SIP leaves the service and its calls alone", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await caller.rtp.untilTone(TONE.sipAgent);

  const sip = await RawSip.open(world.hotline.sip);
  const dialog = new Dialog(sip, "8000", world.hotline.sip);
  const whole = dialog.invite(sdp(40_000));
  for (let cut = 0; cut < whole.length; cut += 7) await sip.send(whole.slice(0, cut) || "\0");
  for (let round = 0; round < 200; round += 1) {
    await sip.send(Uint8Array.from({ length: 1 + Math.floor(Math.random() * 1200) }, () => Math.floor(Math.random() * 256)));
  }
  const broken = [
    "\r\n\r\n",
    "INVITE\r\n\r\n",
    "INVITE sip:8000 SIP/2.0\r\n\r\n",
    whole.replace("SIP/2.0", "SIP/9.9"),
    whole.replace(/CSeq: .*/, "CSeq: 99999999999999999999 INVITE"),
    whole.replace(/CSeq: .*/, "CSeq: x"),
    whole.replace(/Call-ID: .*\r\n/, ""),
    whole.replace(/Via: .*\r\n/, ""),
    whole.replace(/From: .*/, `From: "${"x".repeat(8000)}" <sip:a@b>;tag=1`),
    whole.replace(/Content-Length: \d+/, "Content-Length: -1"),
    whole.replace(/Content-Length: \d+/, "Content-Length: 4294967296"),
    whole.replace(/Max-Forwards: 70/, `Max-Forwards: 70\r\n${"X-Y: z\r\n".repeat(2000)}`.slice(0, 30_000)),
    dialog.invite(`${sdp(40_000)}${"a=x:".padEnd(50_000, "y")}\r\n`),
    dialog.invite("v=0\r\nm=audio 99999999 RTP/AVP 8\r\n"),
    dialog.invite("\u0000\u0001\u0002"),
    new Uint8Array(65_000),
  ];
  for (const each of broken) await sip.send(each);
  await sip.send(Buffer.from(whole.replace("E2E", "\u00e9"), "latin1"));
  await sleep(500);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  await caller.hangUp();
  await sip.close();
  await answersStill(world);
});

test("garbage, truncated, oversized and foreign RTP leaves a conversation alone", async ({ world }) => {
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.dial();
  const { port } = await caller.answered();
  caller.rtp.tone(TONE.sipCaller);
  await caller.press("20");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await caller.rtp.untilTone(TONE.sipAgent);

  const thief = await RtpPeer.open();
  thief.tone(2100);
  thief.connect(Number(port));
  for (let round = 0; round < 500; round += 1) {
    const bytes = Uint8Array.from({ length: Math.floor(Math.random() * 400) }, () => Math.floor(Math.random() * 256));
    if (bytes.length > 0 && round % 2) bytes[0] = 0x80;
    caller.rtp.sendRaw(bytes);
    thief.sendRaw(bytes);
  }
  caller.rtp.sendRaw(new Uint8Array(9000));
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  expect(phone.rtp.hears(2100), "another address is not heard").toBe(false);
  expect(thief.packets, "another address gets no audio").toBe(0);
  thief.close();
  await caller.hangUp();
  await phone.endedByThem();
});
