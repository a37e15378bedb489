// A SIP phone hands its call on to a number outside, over TLS with SRTP: by REFER, and by calling there first and joining the two calls.
// What everybody hears is measured at their ears.

import { hearEachOther, hearsMusic, onBaresip, replacesOf, SECOND_HZ, told, transfer } from "../src/agent-phone.ts";
import { listed, OUTSIDE_NUMBER } from "../src/carrier.ts";
import { lines } from "../src/help.ts";
import { freeUdpPort } from "../src/sipp.ts";
import { expect, TONE, test, type World } from "../src/test.ts";

let carrier = 0;

test.use({
  options: async ({}, use) => {
    carrier = await freeUdpPort();
    await use({ config: listed(carrier) });
  },
});

/** How the transfers of the last contact went, and where its call went. */
async function recorded(world: World) {
  const lead = await world.staff("lead1");
  const contact = await lead.untilContact("with its end", (each) => each.ended_at !== null);
  const timeline = await lead.timeline(contact.id);
  const handed = lines(timeline, "transferred").map((line) => `${line.mode} ${line.to} ${line.outcome}`);
  return { contact, handed, outside: lines(timeline, "outside").map((line) => line.what) };
}

test("a phone hands over to a number outside, and is told why when nobody comes", async ({ world }) => {
  const far = await world.outside(carrier);
  const { agent, phone, caller } = await onBaresip(world);
  const comesBack = async () => {
    // This phone hangs up at the word that its transfer failed, and the caller rings first again.
    await phone.untilSaid(/Incoming call from/);
    phone.command("accept");
    await hearEachOther(phone, caller);
  };
  transfer(world, phone, "+861088889999");
  await told(phone, "404 Not Found");
  await comesBack();
  transfer(world, phone, OUTSIDE_NUMBER);
  await far.rings();
  await far.decline();
  await told(phone, "486 Busy Here");
  await comesBack();

  transfer(world, phone, OUTSIDE_NUMBER);
  const shown = await far.rings();
  expect(shown, "the line that was called is shown").toContain("8000");
  expect(shown, "nothing of the customer").not.toContain(caller.number.slice(-8));
  await hearsMusic(caller.rtp);
  await far.answer(SECOND_HZ);
  await told(phone, "200 OK");
  await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(SECOND_HZ)]);
  await agent.untilState("wrap_up");
  await far.hangUp();
  await caller.endedByThem();
  const { contact, handed } = await recorded(world);
  expect(handed).toEqual(["blind bank busy", "blind bank completed"]);
  expect(contact.legs.map((leg) => leg.encryption)).toContain("srtp_sdes:AEAD_AES_256_GCM");
});

test("an agent calls a number outside first on the phone, and joins the two calls", async ({ world }) => {
  const far = await world.outside(carrier);
  const { agent, phone, caller } = await onBaresip(world);
  phone.command("hold");
  await agent.untilState("hold");
  phone.forget();
  phone.command(`dial sip:${OUTSIDE_NUMBER}@127.0.0.1:${world.hotline.sipTls};transport=tls`);
  await far.rings();
  await far.answer(SECOND_HZ);
  await Promise.all([far.rtp.untilTone(TONE.sipAgent), phone.untilTone(SECOND_HZ)]);
  await hearsMusic(caller.rtp);

  const replaces = await replacesOf(phone);
  phone.command("line 1");
  transfer(world, phone, OUTSIDE_NUMBER, replaces);
  await told(phone, "200 OK");
  await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(SECOND_HZ)]);
  await agent.untilState("wrap_up");
  await caller.hangUp();
  await far.endedByThem();
  const { handed, outside } = await recorded(world);
  expect(handed).toEqual(["attended bank completed"]);
  expect(outside).toEqual(["answered", "joined", "left"]);
});
