// Carriers, from the first packet to the agent's ear: how one proves itself, how we register with one, and what becomes of a call when the
// first of its machines is dead. The carriers write their SIP by hand or are SIPp; the agent sits in a browser.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RtpPeer } from "../src/rtp-peer.ts";
import { Dialog, type Message, proof, RawSip, sdp, TlsSip } from "../src/sip-raw.ts";
import { freeUdpPort } from "../src/sipp.ts";
import { expect, TONE, test, type World } from "../src/test.ts";
import { until } from "../src/wait.ts";

const USER = "pbx7";
const PASSWORD = "a carrier's password of the tests";
const HOST = "sbc.carrier.test";

/** Where our audio goes, as an answer says. */
function audioOf(answer: Message): number {
  return Number(/m=audio (\d+)/.exec(answer.text)?.[1]);
}

/** From the answer on: the caller chooses a person, and both hear each other. */
async function speaks(world: World, rtp: RtpPeer, answer: Message) {
  rtp.connect(audioOf(answer));
  rtp.tone(TONE.sipCaller);
  const desk = await world.desk("agent1");
  await desk.ready();
  await rtp.press("20");
  await desk.answer();
  await Promise.all([desk.tab.untilTone(TONE.sipCaller), rtp.untilTone(TONE.browserAgent)]);
  return desk;
}

test.describe("a carrier that proves itself by a password", () => {
  const login = `login = { user = "${USER}", password = "env:CARRIER_PASSWORD", domain = "carrier.test" }`;
  test.use({ options: { config: `[[trunk]]\nid = "carrier"\n${login}\n`, env: { CARRIER_PASSWORD: PASSWORD } } });

  test("is asked for it, and its call reaches an agent", async ({ world }) => {
    world.hotline.keepPrivate(PASSWORD, "+8619055550000");
    const [sip, rtp] = [await RawSip.open(world.hotline.sip), await RtpPeer.open()];
    const dialog = new Dialog(sip, "8000", world.hotline.sip, "+8619055550000@carrier.test");
    const invite = (headers: string[], cseq: number) => dialog.request("INVITE", cseq, { body: sdp(rtp.port), headers, fresh: cseq > 1 });
    await sip.send(invite([], 1));
    const challenged = await sip.untilStatus(401, "INVITE");
    await sip.send(dialog.ackRefusal());
    const wrong = proof(challenged.header("WWW-Authenticate"), { user: USER, password: "another" }, "INVITE", dialog.target);
    await sip.send(invite([`Authorization: ${wrong}`], 2));
    const refused = (message: Message) => [401, 403].includes(message.status) && message.header("CSeq") === "2 INVITE";
    const again = await sip.untilMessage("a wrong password is refused", refused);
    await sip.send(dialog.request("ACK", 2));
    const challenge = again.header("WWW-Authenticate") || challenged.header("WWW-Authenticate");
    await sip.send(invite([`Authorization: ${proof(challenge, { user: USER, password: PASSWORD }, "INVITE", dialog.target)}`], 3));
    const answer = await sip.untilStatus(200, "INVITE");
    dialog.learn(answer);
    await sip.send(dialog.request("ACK", 3));
    const desk = await speaks(world, rtp, answer);
    expect(await world.hotline.metric("walletline_trunk_calls"), "the call is the trunk's").toBe(1);
    await sip.send(dialog.request("BYE", 4));
    await sip.untilStatus(200, "BYE");
    await desk.becomes("wrap_up");
    rtp.close();
    await sip.close();
  });
});

/** An authority, and a certificate that it signed for a name. */
function certificates(): { ca: string; cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "walletline-carrier-"));
  const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-days", "2", "-subj", "/CN=An authority", "-keyout", "ca.key", "-out", "ca.pem");
  openssl("req", ...key, "-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`, "-keyout", "key.pem", "-out", "leaf.csr");
  openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out", "cert.pem");
  const file = (name: string) => readFileSync(join(folder, name), "utf8");
  return { ca: file("ca.pem"), cert: file("cert.pem"), key: file("key.pem") };
}

test.describe("a carrier that proves itself by a certificate", () => {
  const shown = certificates();
  const trunk = `[[trunk]]\nid = "carrier"\ncertificate = ["${HOST}"]\nauthorities = "carrier-ca.pem"\nencryption = "off"\n`;
  test.use({ options: { config: trunk, files: { "carrier-ca.pem": shown.ca } } });

  test("is known by it, and its call reaches an agent", async ({ world }) => {
    world.hotline.keepPrivate("+8619055550000");
    const [sip, rtp] = [await TlsSip.open(world.hotline.sipTls, shown), await RtpPeer.open()];
    const dialog = new Dialog(sip, "8000", world.hotline.sipTls);
    await sip.send(dialog.invite(sdp(rtp.port)));
    const answer = await sip.untilStatus(200, "INVITE");
    dialog.learn(answer);
    await sip.send(dialog.request("ACK", 1));
    const desk = await speaks(world, rtp, answer);
    expect(await world.hotline.metric("walletline_trunk_calls"), "the call is the trunk's").toBe(1);
    await sip.send(dialog.request("BYE", 2));
    await sip.untilStatus(200, "BYE");
    await desk.becomes("wrap_up");
    rtp.close();
    sip.close();
  });
});

test.describe("a carrier that is registered with", () => {
  let registrar: RawSip;
  test.use({
    options: async ({}, use) => {
      registrar = await RawSip.open();
      const account = `account = { user = "4001234567", password = "env:CARRIER_PASSWORD", domain = "carrier.test", register = true }`;
      const config = `[[trunk]]\nid = "carrier"\ntargets = ["127.0.0.1:${registrar.port}"]\n${account}\nprobe_s = 0\n`;
      // The hotline registers as it starts: the carrier answers from before.
      const answering = answers(registrar);
      await use({ config, env: { CARRIER_PASSWORD: PASSWORD } });
      clearInterval(answering);
      await registrar.close();
    },
  });

  test("sees the registration, by SHA-256 where it asks for that", async ({ world }) => {
    world.hotline.keepPrivate(PASSWORD);
    const proved = await registrar.untilMessage("a registration with proof", (each) => each.method === "REGISTER" && each.header("Authorization") !== "");
    expect(proved.header("To")).toContain("sip:4001234567@carrier.test");
    const header = proved.header("Authorization");
    const field = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(header)?.[1] ?? "";
    expect(field("algorithm")).toBe("SHA-256");
    await until("the hotline counts it", async () => (await world.hotline.metric("walletline_trunk_registered")) === 1);
  });
});

/** A registrar that asks for a proof, then takes it. Whether it is right is for the tests of the voice crate. */
function answers(registrar: RawSip): NodeJS.Timeout {
  let read = 0;
  return setInterval(() => {
    for (; read < registrar.received.length; read += 1) {
      const request = registrar.received[read];
      if (request?.method !== "REGISTER") continue;
      const asked = `WWW-Authenticate: Digest realm="carrier.test", nonce="n${read}", algorithm=SHA-256, qop="auth"`;
      const contact = `Contact: ${request.header("Contact")};expires=600`;
      if (request.header("Authorization")) void registrar.reply(request, "200 OK", contact);
      else void registrar.reply(request, "401 Unauthorized", asked);
    }
  }, 20);
}

test.describe("a carrier whose first machine is dead", () => {
  const number = "+861088880000";
  let dead: RawSip;
  let second = 0;
  test.use({
    options: async ({}, use) => {
      dead = await RawSip.open();
      second = await freeUdpPort();
      const targets = `targets = ["127.0.0.1:${dead.port};priority=1", "127.0.0.1:${second};priority=2"]`;
      const trunk = `[[trunk]]\nid = "carrier"\n${targets}\nallow = ["${number}"]\nprobe_s = 0\n`;
      await use({ config: `${trunk}[[transfer]]\nid = "bank"\nwallet = "jinqiao"\nname = "Partner bank"\nnumber = "${number}"\n` });
      await dead.close();
    },
  });

  test("takes the call at its second one, and both hear each other", async ({ world }, info) => {
    const far = await world.outside(second);
    const desk = await world.desk("agent1");
    await desk.ready();
    const caller = await world.call({ tone: TONE.sipCaller });
    await caller.press("20");
    await desk.answer();
    await Promise.all([desk.tab.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.browserAgent)]);
    await desk.page.keyboard.press("Alt+t");
    await desk.button(desk.words.staff.transfer.handOverOutside("Partner bank")).click();
    await dead.untilMessage("the first machine is asked first", (message) => message.method === "INVITE");
    const asked_ms = performance.now();
    await far.rings();
    info.annotations.push({ type: "failover", description: `${Math.round(performance.now() - asked_ms)} ms until the second target rang` });
    await far.answer(TONE.sipAgent);
    await Promise.all([far.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
    await caller.hangUp();
    await far.endedByThem();
  });
});
