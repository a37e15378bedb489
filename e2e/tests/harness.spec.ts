// The measuring tools themselves: if they heard what is not there, or missed what is, every other test would be worth nothing.

import { expect, test } from "@playwright/test";
import { RtpPeer } from "../src/rtp-peer.ts";
import { freeUdpPort, SipCaller, Sipp, SipPhone } from "../src/sipp.ts";
import { decode, encode, find, longestSilenceMs, readWav, share, sine, wav } from "../src/sound.ts";

test("a tone is found at its frequency and at no other", () => {
  const tone = sine(700, 0, 4000);
  expect(share(tone, 700)).toBeGreaterThan(0.95);
  expect(share(tone, 1000)).toBeLessThan(0.05);
  expect(share(new Int16Array(4000), 700)).toBe(0);
});

test("G.711 gives back what was said, in both laws", () => {
  const tone = sine(440, 0, 8000);
  for (const codec of ["PCMA", "PCMU"] as const) {
    const heard = decode(codec, encode(codec, tone));
    const worst = Math.max(...tone.map((sample, i) => Math.abs(sample - (heard[i] ?? 0))));
    expect(worst, codec).toBeLessThan(600);
    expect(find(tone, heard).likeness, codec).toBeGreaterThan(0.99);
  }
});

test("a recording is found inside another, and another recording is not", () => {
  const speech = Int16Array.from({ length: 8000 }, (_, i) => 9000 * Math.sin(i ** 1.35 / 9) * Math.sin(i / 700));
  const heard = new Int16Array(24_000);
  heard.set(speech, 5003);
  expect(find(speech, heard)).toMatchObject({ at: 5003 });
  expect(find(speech, heard).likeness).toBeGreaterThan(0.99);
  expect(find(sine(300, 0, 8000), heard).likeness).toBeLessThan(0.6);
});

test("silence is measured", () => {
  const heard = new Int16Array(8000 * 4);
  heard.set(sine(500, 0, 8000), 0);
  heard.set(sine(500, 0, 8000), 8000 * 3);
  expect(longestSilenceMs(heard)).toBe(2000);
});

test("a WAV reads back as it was written", () => {
  const tone = sine(500, 0, 1000);
  expect([...readWav(wav(tone, 8000))]).toEqual([...tone]);
});

test("two ends hear each other's tone and keys", async () => {
  const [a, b] = [await RtpPeer.open("PCMA"), await RtpPeer.open("PCMA")];
  a.connect(b.port);
  b.connect(a.port);
  a.tone(600);
  b.tone(900);
  await Promise.all([b.untilTone(600), a.untilTone(900)]);
  expect(b.hears(900)).toBe(false);
  await a.press("1205*#99");
  expect(b.keysHeard).toBe("1205*#99");
  a.close();
  b.close();
});

test("SIPp as caller and as phone set up a call, talk and hang up as they are told", async () => {
  const port = await freeUdpPort();
  const rtp = await RtpPeer.open();
  const phone = new SipPhone(new Sipp("phone", 9, port, { rtp: String(rtp.port), payload: "8", codec: "PCMA" }, ["-aa"]), rtp);
  const dialling = await SipCaller.dial(port, { line: "agent1", number: "1234" });
  expect(await phone.rings()).toContain("sip:1234@");
  await phone.answer(1300);
  await dialling.answered();
  dialling.rtp.tone(700);
  await Promise.all([dialling.rtp.untilTone(1300), phone.rtp.untilTone(700)]);
  await dialling.hangUp();
  await phone.endedByThem();

  const refusedCaller = await SipCaller.dial(port, { line: "agent1", number: "1234" });
  await phone.rings();
  await phone.decline();
  expect(await refusedCaller.refused()).toBe(486);

  const second = await SipCaller.dial(port, { line: "agent1", number: "1234" });
  await phone.rings();
  await phone.answer();
  await second.answered();
  await phone.hangUp();
  await second.endedByThem();
  await Promise.all([dialling.close(), refusedCaller.close(), second.close(), phone.close()]);
});
