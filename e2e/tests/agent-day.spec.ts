// What one desk is told in the course of a day adds up, at every moment, to what a fresh connection is shown. With UPDATE_EXPECT=1 the day is
// written down for the tests of the screens (`web/src/live/fixtures/agent-day.json`).

import { writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "@playwright/test";
import type { LiveEvent, Snapshot } from "../../web/src/api/types.ts";
import { apply } from "../../web/src/live/apply.ts";
import { DeskPage } from "../src/desk-page.ts";
import { test } from "../src/test.ts";
import { until } from "../src/wait.ts";

const FIXTURE = new URL("../../web/src/live/fixtures/agent-day.json", import.meta.url);

type Message = { type: "snapshot"; state: Snapshot } | { type: "event"; event: LiveEvent };

type Line = { snapshot: Snapshot } | { event: LiveEvent } | { fresh: Snapshot; name: string };

/** Takes down what the live connection of a desk receives. */
class Day {
  readonly lines: Line[] = [];
  #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.on("websocket", (socket) => {
      if (new URL(socket.url()).pathname === "/api/v1/live" && !this.lines.length) {
        socket.on("framereceived", ({ payload }) => this.#received(JSON.parse(String(payload)) as Message));
      }
    });
  }

  #received(message: Message): void {
    if (message.type === "snapshot") this.lines.push({ snapshot: message.state });
    else if (message.type === "event") this.lines.push({ event: message.event });
  }

  /** Everything so far, put together. */
  get state(): Snapshot {
    const [first, ...rest] = this.lines;
    if (!first || !("snapshot" in first)) throw new Error("nothing was received");
    return rest.reduce((state, line) => ("event" in line ? apply(state, line.event) : state), first.snapshot);
  }

  /** What a fresh connection is shown now: the same, as soon as the desk was told what the other was shown. */
  async fresh(name: string): Promise<void> {
    let shown: Snapshot | null = null;
    const agree = async () => {
      shown = await this.#open();
      return isDeepStrictEqual(this.state, shown);
    };
    await until(`a fresh connection is shown the same: ${name}`, agree, 20, () => JSON.stringify([this.state, shown]));
    this.lines.push({ fresh: this.state, name });
  }

  /** The first message of a connection of its own, which is closed again. */
  async #open(): Promise<Snapshot> {
    return this.#page.evaluate(
      () =>
        new Promise((resolve) => {
          const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/v1/live`);
          socket.onmessage = ({ data }) => {
            socket.close();
            resolve(JSON.parse(data).state);
          };
        }),
    );
  }
}

test("a desk that was told of everything shows what a fresh one does", async ({ world }) => {
  const tab = await world.tab();
  const day = new Day(tab.page);
  const desk = await DeskPage.open(tab, world.hotline, "agent3", "en");
  await until("the desk is connected", () => day.lines.length > 0);
  await day.fresh("logged in");
  await desk.ready();
  await day.fresh("ready");

  const caller = await world.call({ line: "8001" });
  await caller.press("20");
  await desk.rings();
  await day.fresh("ringing");
  const second = await world.call({ line: "8001" });
  await second.press("20");
  await until("one more waits", () => day.state.queues["harbor-general"]?.waiting === 2);
  await day.fresh("one more waits");
  await desk.answer();
  await until("both are there", () => Object.values(day.state.contacts).some((contact) => contact.legs.length === 2));
  await day.fresh("talking");
  await second.hangUp();
  await until("nobody waits", () => day.state.queues["harbor-general"]?.waiting === 0);
  await day.fresh("the one who waited gave up");
  await desk.hangUp();
  await desk.becomes("wrap_up");
  await day.fresh("wrap-up");
  await desk.wrapUp("info_only");
  await until("the contact is gone", () => Object.keys(day.state.contacts).length === 0);
  await day.fresh("ready again");

  const third = await world.call({ line: "8001" });
  await third.press("20");
  await desk.rings();
  await desk.button(desk.words.staff.ringing.decline).click();
  await until("the offer is over", () => Object.keys(day.state.offers).length === 0);
  await day.fresh("declined");
  await third.hangUp();
  await until("nobody waits", () => day.state.queues["harbor-general"]?.waiting === 0);
  await day.fresh("gone");
  if (process.env["UPDATE_EXPECT"] === "1") writeFileSync(FIXTURE, `${JSON.stringify(day.lines, null, 1)}\n`);
});
