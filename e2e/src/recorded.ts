// A line that records: the call whose recording has begun, and what came of it as those who may hear it get it.

import { lines } from "./help.ts";
import type { SipCaller } from "./sipp.ts";
import { decodeStereoWav, rms, share } from "./sound.ts";
import type { Contact, Staff } from "./staff.ts";
import { expect } from "./test.ts";
import { until } from "./wait.ts";

/** Line 8000 records; 8001 does not. */
export const RECORDED = `
[[line]]
number = "8000"
wallet = "jinqiao"
languages = ["zh-CN", "en"]
record = true

[[line]]
number = "8001"
wallet = "harbor"
languages = ["en", "zh-CN"]
`;

/** The contact of the live call, once this stands in its timeline. */
export async function untilTold(lead: Staff, kind: string): Promise<Contact> {
  const contact = await lead.untilContact("that is live");
  await until(`the timeline tells ${kind}`, async () => lines(await lead.timeline(contact.id), kind).length > 0);
  return contact;
}

/** The customer chooses English and hears the notice to its end; recording begins. */
export async function recorded(caller: SipCaller, lead: Staff): Promise<Contact> {
  await caller.press("2");
  return untilTold(lead, "recorded");
}

export async function untilRecording(lead: Staff, id: string): Promise<Contact> {
  return until("the recording can be heard", async () => {
    const contact = await lead.contact(id);
    return contact.recording === null ? null : contact;
  });
}

/** What the customer said, and what they heard. */
export async function sound(staff: Staff, id: string): Promise<[Int16Array, Int16Array]> {
  const response = await staff.request("GET", `/api/v1/contacts/${id}/recording`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("audio/wav");
  return decodeStereoWav(Buffer.from(await response.arrayBuffer()));
}

/** How many tenths of a second are this tone, and little else. */
export function tenthsOf(channel: Int16Array, hz: number): number {
  let found = 0;
  for (let at = 0; at + 800 <= channel.length; at += 800) {
    const piece = channel.subarray(at, at + 800);
    if (rms(piece) > 1000 && share(piece, hz) > 0.8) found += 1;
  }
  return found;
}
