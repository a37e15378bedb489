// A line that records: the customer hears of it first, both sides are on the file, `8` leaves nothing, a crash leaves what was said, and
// a backup holds it all. Tones tell who is on which channel.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { axeInBothThemes } from "../src/axe.ts";
import { RECORDED, recorded, sound, tenthsOf, untilRecording, untilTold } from "../src/recorded.ts";
import { rms } from "../src/sound.ts";
import { expect, TONE, test } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { LANGUAGES } from "../src/words.ts";

test.use({ options: { config: RECORDED } });

test("the customer hears of it first, and both sides are on the file, each on its channel", async ({ world }) => {
  const lead = await world.staff("lead1");
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("0");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  caller.rtp.forget();
  await until("three seconds are talked", () => caller.rtp.heard.length > 3 * 8000);
  await caller.hangUp();
  await untilRecording(lead, contact.id);

  const timeline = await lead.timeline(contact.id);
  const notice = timeline.find((line) => line.kind === "said" && line.asset === "recording.notice");
  expect(notice?.interrupted_by).toBeNull();
  const begins = timeline.find((line) => line.kind === "recorded");
  expect(Date.parse(String(begins?.at))).toBeGreaterThanOrEqual(Date.parse(String(notice?.ended_at)));

  const [said, heard] = await sound(lead, contact.id);
  expect(tenthsOf(said, TONE.sipCaller), "the customer on the first channel").toBeGreaterThan(30);
  expect(tenthsOf(said, TONE.sipAgent), "and nobody else").toBe(0);
  expect(tenthsOf(heard, TONE.sipAgent), "the agent on the second").toBeGreaterThan(25);
  expect(tenthsOf(heard, TONE.sipCaller), "and not the customer").toBe(0);
  expect(rms(heard.subarray(0, heard.length / 4)), "with the menu and the music before").toBeGreaterThan(100);

  const manifest = await lead.get<Manifest>(`/api/v1/contacts/${contact.id}/recording/manifest`);
  expect(manifest.duration_ms).toBe(Math.floor(said.length / 8));
  expect(manifest).toMatchObject({ recovered: false, notice: { prompt: "recording.notice", language: "en" }, masked: [] });
  const part = await fetch(`${world.hotline.origin}/api/v1/contacts/${contact.id}/recording`, {
    headers: { cookie: lead.cookie, range: "bytes=0-43" },
  });
  expect(part.status).toBe(206);
  expect((await part.arrayBuffer()).byteLength).toBe(44);
  const stranger = await world.staff("agent2");
  expect((await stranger.request("GET", `/api/v1/contacts/${contact.id}/recording`)).status).toBe(404);

  const [file = ""] = readdirSync(join(world.hotline.folder, "data/recordings"));
  const bytes = readFileSync(join(world.hotline.folder, "data/recordings", file));
  expect(bytes.includes(Buffer.alloc(32, 0xff)), "not even silence is in clear").toBe(false);
});

type Manifest = { duration_ms: number; recovered: boolean; masked: unknown[]; notice: { prompt: string; language: string } };

test("8 at the main menu goes on unrecorded, and leaves nothing", async ({ world }) => {
  const lead = await world.staff("lead1");
  const { phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("8");
  await untilTold(lead, "recording_declined");
  await caller.press("0");
  await phone.rings();
  await phone.answer(TONE.sipAgent);
  await caller.rtp.untilTone(TONE.sipAgent);
  await caller.hangUp();
  await until("the contact has ended", async () => (await lead.contact(contact.id)).ended_at !== null);
  await until("no file is left", () => readdirSync(join(world.hotline.folder, "data/recordings")).length === 0);
  expect((await lead.contact(contact.id)).recording).toBeNull();
  expect((await lead.request("GET", `/api/v1/contacts/${contact.id}/recording`)).status).toBe(404);
  const notices = (await lead.timeline(contact.id)).filter((line) => line.asset === "recording.notice");
  expect(notices, "and nobody is told again").toHaveLength(1);
});

test("killed in mid-recording, the next start can play it to its last second", async ({ world }) => {
  const lead = await world.staff("lead1");
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  const folder = join(world.hotline.folder, "data/recordings");
  const seconds = () => {
    const [file] = readdirSync(folder);
    return file === undefined ? 0 : Math.floor((readFileSync(join(folder, file)).length - 32) / 16_021);
  };
  await until("four seconds are written", () => seconds() >= 4);
  const written = seconds();
  await world.hotline.crash();
  await world.hotline.run();
  const again = await world.staff("lead1");
  await untilRecording(again, contact.id);
  const manifest = await again.get<Manifest>(`/api/v1/contacts/${contact.id}/recording/manifest`);
  expect(manifest.recovered).toBe(true);
  expect(manifest.duration_ms).toBeGreaterThanOrEqual(written * 1000);
  const [said] = await sound(again, contact.id);
  expect(tenthsOf(said, TONE.sipCaller), "what was said is heard").toBeGreaterThan(written * 10 - 5);
});

test("a backup made while calls are recorded verifies, and gives everything back", async ({ world }) => {
  const lead = await world.staff("lead1");
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.hangUp();
  await untilRecording(lead, contact.id);
  const { hotline } = world;
  const file = join(hotline.folder, "walletline.backup");
  const made = hotline.command("backup", file, "--demo");
  expect(made.stderr + made.stdout).toContain("holds the database and");
  expect(made.status).toBe(0);
  expect(hotline.command("backup", file, "--demo").status, "none is overwritten").toBe(1);
  expect(hotline.command("backup", file, "--verify", "--demo").status).toBe(0);
  const back = join(hotline.folder, "back");
  expect(hotline.command("backup", file, "--unpack", back, "--demo").status).toBe(0);
  const [name = ""] = readdirSync(join(hotline.folder, "data/recordings"));
  const kept = readFileSync(join(back, "data/recordings", name));
  expect(kept.equals(readFileSync(join(hotline.folder, "data/recordings", name)))).toBe(true);
  expect(readFileSync(join(back, "walletline.db")).subarray(0, 15).toString()).toBe("SQLite format 3");
  expect(existsSync(join(back, "data/demo-master.key")), "no key is in it").toBe(false);
  expect(readFileSync(file).includes("SQLite format 3"), "nothing of it is in clear").toBe(false);
});

test("whoever took the call plays it at the desk, and sees both channels", async ({ world }) => {
  const lead = await world.staff("lead1");
  const desk = await world.desk("agent1");
  await desk.ready();
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("0");
  await desk.answer();
  await caller.rtp.untilTone(TONE.browserAgent);
  await caller.hangUp();
  await desk.becomes("wrap_up");
  await untilRecording(lead, contact.id);
  await desk.wrapUp("info_only");
  await desk.openNewestRecord();
  const { page } = desk.tab;
  const slider = page.getByRole("slider", { name: desk.words.staff.recording.position });
  await expect(slider).toBeVisible();
  await page.getByRole("button", { name: desk.words.staff.recording.play }).click();
  await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
});

const FOUND = {
  "zh-CN": { title: "历史联系", find: "查找", hold: "设置法务保全", why: "保全原因", held: "法务保全中：不会被删除", lift: "解除保全" },
  en: {
    title: "Past contacts",
    find: "Find",
    hold: "Place a legal hold",
    why: "Why it must be held",
    held: "On legal hold: nothing erases it",
    lift: "Lift the hold",
  },
} as const;

for (const language of LANGUAGES) {
  test(`compliance finds a recording, plays it and holds it, by keyboard, ${language}`, async ({ world }) => {
    const lead = await world.staff("lead1");
    const caller = await world.call({ tone: TONE.sipCaller });
    const contact = await recorded(caller, lead);
    caller.rtp.forget();
    await until("four seconds are heard", () => caller.rtp.heard.length > 4 * 8000);
    await caller.hangUp();
    await untilRecording(lead, contact.id);
    const w = FOUND[language];
    const { page } = await world.tab(TONE.browserCaller, { locale: language });
    await page.goto(`${world.hotline.origin}/supervisor/contacts`);
    await page.getByRole("textbox").nth(0).fill("compliance1");
    await page.locator("input[type=password]").fill("walletline-demo");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: w.title })).toBeVisible();
    await axeInBothThemes(page, "nothing asked");
    await page.getByRole("button", { name: w.find }).press("Enter");
    await page.locator(".contacts-open").first().press("Enter");
    const slider = page.getByRole("slider");
    await expect(slider).toBeVisible();
    await slider.press("Enter");
    await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThan(0);
    await slider.press("Enter");
    await axeInBothThemes(page, "a record with its recording");
    await page.getByLabel(w.why).fill("claim 7");
    await page.keyboard.press("Enter");
    await expect(page.getByText(w.held)).toBeVisible();
    await expect(page.getByRole("button", { name: w.lift })).toBeVisible();
    await axeInBothThemes(page, "a recording on hold");
    const compliance = await world.staff("compliance1");
    const manifest = await compliance.get<Keeping>(`/api/v1/contacts/${contact.id}/recording/manifest`);
    expect(manifest).toMatchObject({ kept_by: "hold", expires_at: null, holds: [{ placed: { reason: "claim 7" } }] });
    expect(manifest.heard.map((part) => part.by.number), "that they listened is on record").toContain("1066");
  });
}

type Keeping = { kept_by: string; expires_at: string | null; holds: unknown[]; heard: { by: { number: string } }[] };
