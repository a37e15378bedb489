// The audit log as an auditor meets it: what was done in a call, for nobody else's eyes, and a change to it found out.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { opened, pressAndHear, untilSaid, verify } from "../src/help.ts";
import { expect, test } from "../src/test.ts";
import { until } from "../src/wait.ts";
import { CUSTOMER, TRANSACTION, Wallet } from "../src/wallet.ts";

test("an auditor reads what was done in a call, and nobody else does; a changed entry is found", async ({ world }) => {
  test.setTimeout(180_000);
  const { hotline } = world;
  const wallet = new Wallet(hotline);
  const lead = await world.staff("lead1");
  const caller = await world.call({ number: CUSTOMER.liNa });
  const contact = await opened(lead);
  await verify(wallet, caller, "en", "");
  await lead.untilContact("at A2", (each) => each.level === "A2");
  await caller.rtp.untilSound();
  await pressAndHear(caller, `${TRANSACTION.completed}#`);
  await untilSaid(lead, contact.id, "status.completed");
  await pressAndHear(caller, "**");
  await pressAndHear(caller, "9");
  await pressAndHear(caller, "1#");
  await caller.press("1");
  await wallet.untilStatus(CUSTOMER.liNa, "frozen_by_hotline");
  await caller.hangUp();

  const auditor = await world.staff("auditor1");
  const path = `/api/v1/audit?subject=${contact.id}`;
  const wanted = ["code.sent", "code.passed", "freeze.asked"];
  let actions: string[] = [];
  await until(
    "the log tells of the call",
    async () => {
      actions = (await auditor.audit(contact.id)).map((entry) => entry.action);
      return wanted.every((action) => actions.includes(action));
    },
    30,
    () => `but ${actions.join(" ")}`,
  );
  const log = await auditor.audit(contact.id);
  expect(log.find((entry) => entry.action === "freeze.asked")?.purpose).toBe("emergency");
  expect(log.map((entry) => entry.seq)).toEqual(log.map((entry) => entry.seq).toSorted((a, b) => a - b));
  for (const user of ["agent1", "lead1", "admin", "checker1"]) {
    const refused = await (await world.staff(user)).request("GET", path);
    expect(refused.status, user).toBe(403);
    expect(refused.headers.get("content-type")).toContain("problem+json");
  }
  expect((await fetch(`${hotline.origin}${path}`)).status).toBe(401);

  hotline.signal("SIGTERM");
  expect(await hotline.ended()).toBe(0);
  const whole = hotline.command("audit", "verify");
  expect(whole, whole.stderr).toMatchObject({ status: 0 });
  const database = join(hotline.folder, "data/walletline.db");
  const sql = (text: string) => {
    const ran = spawnSync("sqlite3", [database, text], { encoding: "utf8" });
    expect(ran.status, ran.stderr).toBe(0);
    return ran.stdout.trim();
  };
  expect(sql("SELECT count(*) FROM audit WHERE action = 'code.passed'")).toBe("1");
  sql("UPDATE audit SET action = 'code.wrong' WHERE action = 'code.passed'");
  const changed = hotline.command("audit", "verify");
  expect(changed.status).toBe(1);
  expect(changed.stderr.trim().split("\n")).toHaveLength(1);
  sql("UPDATE audit SET action = 'code.passed' WHERE action = 'code.wrong'");
  expect(hotline.command("audit", "verify").status, "put back, it is whole again").toBe(0);
  sql("DELETE FROM audit WHERE action = 'code.passed'");
  expect(hotline.command("audit", "verify").status).toBe(1);
});
