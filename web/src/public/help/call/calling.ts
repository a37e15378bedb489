// The call from the page: one in a browser, dialled by the button of the page for it. What is dialled stands on the page; which
// pages are read meanwhile does not matter to it.

import type { DialFromVisitor } from "../../../api/types.ts";
import { openMicrophone } from "../../../call/devices.ts";
import { Dialler, type SocketLike } from "../../../call/dialler.ts";
import { openPeer } from "../../../call/peer.ts";
import { iceServers } from "../../../call/settings.ts";
import { takePlace } from "./one-call.ts";
import { openSheet, type Sheet } from "./sheet.ts";

type Dial = {
  line: string;
  lang: string;
  /** A call pass that was made before; empty without one. */
  pass: string;
};

const dialler = new Dialler<Dial>({
  microphone: openMicrophone,
  peer: openPeer,
  iceServers,
  connect: (to) => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const query = new URLSearchParams(Object.entries(to).filter(([, value]) => value !== ""));
    return new WebSocket(`${scheme}//${location.host}/api/public/call?${query}`) as SocketLike;
  },
  order: (_, sdp): DialFromVisitor => ({ type: "dial", sdp }),
  now_ms: () => Date.now(),
});

let sheet: Sheet | null = null;

export function isCalling(): boolean {
  return dialler.state().call !== "idle";
}

export function sayUnreachable(): void {
  sheet?.note();
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

dialler.subscribe(() => {
  if (isCalling()) addEventListener("beforeunload", warn);
  else removeEventListener("beforeunload", warn);
});

/** Whether this browser can make a call. */
export function canCall(): boolean {
  return typeof RTCPeerConnection !== "undefined" && navigator.mediaDevices?.getUserMedia !== undefined;
}

/** Shows the page's way to call, or why there is none. */
export function addCalling(): undefined {
  const setup = document.querySelector<HTMLElement>("[data-call-setup]");
  const start = setup?.querySelector<HTMLButtonElement>("[data-call-start]");
  const template = document.querySelector<HTMLTemplateElement>("#call-sheet");
  const place = document.querySelector<HTMLElement>("#call");
  if (!setup || !start || !template || !place) return;
  show("[data-call-plain]", false);
  if (!canCall()) {
    show("[data-call-unsupported]", true);
    return;
  }
  setup.hidden = false;
  const to = { line: setup.dataset.line ?? "", lang: setup.dataset.lang ?? "", pass: setup.dataset.pass ?? "" };
  start.onclick = () => void dial(to, template, place);
}

async function dial(to: Dial, template: HTMLTemplateElement, place: HTMLElement): Promise<void> {
  if (isCalling()) return;
  const leave = await takePlace(navigator.locks);
  show("[data-call-elsewhere]", leave === null);
  if (!leave || isCalling()) return;
  const over = dialler.subscribe(() => {
    if (isCalling()) return;
    over();
    leave();
  });
  const dialled = dialler.dial(to);
  sheet = openSheet(template, place, dialler, {
    again: () => void dial(to, template, place),
    close: () => document.querySelector<HTMLElement>("#main")?.focus(),
  });
  await dialled;
}

function show(selector: string, shown: boolean): void {
  const part = document.querySelector<HTMLElement>(selector);
  if (part) part.hidden = !shown;
}
