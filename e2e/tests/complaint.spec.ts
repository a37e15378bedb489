// Who chose to complain and reaches an agent has a case from then on: it keeps the recording, the handler reads it, and neither the agent
// nor their supervisor does.

import { lines } from "../src/help.ts";
import { RECORDED, recorded, untilRecording } from "../src/recorded.ts";
import { expect, TONE, test } from "../src/test.ts";
import { until } from "../src/wait.ts";

test.use({ options: { config: RECORDED } });

type Manifest = { kept_by: string; expires_at: string | null; cases: string[] };

test("a complaint is a case, and its recording stays for it", async ({ world }) => {
  const lead = await world.staff("lead1");
  const { agent, phone } = await world.agentWithPhone("agent1");
  const caller = await world.call({ tone: TONE.sipCaller });
  const contact = await recorded(caller, lead);
  await caller.press("42");
  await phone.rings(60);
  await phone.answer(TONE.sipAgent);
  await Promise.all([phone.rtp.untilTone(TONE.sipCaller), caller.rtp.untilTone(TONE.sipAgent)]);
  const { case: reference } = await until("the complaint is a case", async () => {
    const now = await agent.contact(contact.id);
    return now.case ? now : null;
  });
  await caller.hangUp();
  await untilRecording(lead, contact.id);

  expect(lines(await lead.timeline(contact.id), "case").map((line) => line.reference)).toEqual([reference]);
  const manifest = await lead.get<Manifest>(`/api/v1/contacts/${contact.id}/recording/manifest`);
  expect(manifest).toMatchObject({ kept_by: "case", cases: [reference] });
  expect(manifest.expires_at ?? null, "as long as it is open").toBeNull();
  const path = `/api/v1/cases/${reference}`;
  for (const reader of [agent, lead]) expect((await reader.request("GET", path)).status).toBe(404);
  const handler = await world.staff("handler1");
  expect(await handler.get(path)).toMatchObject({ kind: "complaint", state: "open", contacts: [contact.id] });
});
