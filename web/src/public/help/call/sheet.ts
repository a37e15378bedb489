// The call's sheet: state, time, level, keys, mute, hang up, and what to do when the call is over. It stands outside the page's
// content, so that it stays while pages change. All its words stand in the template that the server made.

import type { Dialler, DiallerEnd, DiallerState } from "../../../call/dialler.ts";
import { duration } from "../../../i18n/format.ts";

/** Milliseconds between two looks at the levels. */
const LEVEL_MS = 100;

/** As many keys as fit on one line of the smallest screen. */
const KEYS_SHOWN = 16;

export type Sheet = {
  /** Says that a page could not be fetched meanwhile. */
  note: () => void;
};

type Deeds = { again: () => void; close: () => void };

export function openSheet<To>(
  template: HTMLTemplateElement,
  place: HTMLElement,
  dialler: Dialler<To>,
  deeds: Deeds,
): Sheet {
  place.replaceChildren(template.content.cloneNode(true));
  const sheet = part<HTMLElement>(place, ".sheet");
  const audio = new Audio();
  audio.hidden = true;
  place.append(audio);

  const say = part<HTMLElement>(sheet, ".sheet-state");
  const time = part<HTMLElement>(sheet, ".sheet-time");
  const note = part<HTMLElement>(sheet, ".sheet-note");
  const bar = part<HTMLElement>(sheet, ".level > span");
  const track = part<HTMLElement>(sheet, ".level");
  const keys = part<HTMLElement>(sheet, ".sheet-keys");
  const pressed = part<HTMLElement>(sheet, "output");
  const mute = part<HTMLButtonElement>(sheet, "[data-sheet=mute]");
  const keysButton = part<HTMLButtonElement>(sheet, "[data-sheet=keys]");
  const again = part<HTMLButtonElement>(sheet, "[data-sheet=again]");

  mute.onclick = () => dialler.mute(!dialler.state().muted);
  keysButton.onclick = () => {
    keys.hidden = !keys.hidden;
    keysButton.setAttribute("aria-expanded", String(!keys.hidden));
  };
  part<HTMLButtonElement>(sheet, "[data-sheet=hang-up]").onclick = () => dialler.hangUp();
  part<HTMLButtonElement>(sheet, "[data-sheet=close]").onclick = () => end(deeds.close);
  again.onclick = () => end(deeds.again);
  for (const key of sheet.querySelectorAll<HTMLButtonElement>("[data-key]")) {
    key.onclick = () => dialler.key(key.dataset.key ?? "");
  }

  const show = (call: DiallerState) => {
    const isOver = call.call === "idle";
    const words = sheet.getAttribute(isOver ? `data-end-${endName(call.end)}` : `data-${call.call}`) ?? "";
    if (say.textContent !== words) say.textContent = words;
    sheet.dataset.state = isOver ? "over" : call.call;
    part<HTMLElement>(sheet, "[data-during]").hidden = isOver;
    part<HTMLElement>(sheet, "[data-after]").hidden = !isOver;
    track.hidden = isOver;
    if (isOver) keys.hidden = true;
    pressed.textContent = call.keys.slice(-KEYS_SHOWN);
    mute.setAttribute("aria-pressed", String(call.muted));
    mute.textContent = sheet.getAttribute(call.muted ? "data-unmute" : "data-mute");
  };

  let since_ms: number | null = null;
  const unsubscribe = dialler.subscribe(() => {
    const call = dialler.state();
    // The button that had the focus is gone when the call is over.
    const hadFocus = sheet.contains(document.activeElement);
    since_ms ??= call.since_ms;
    show(call);
    if (call.call === "idle" && hadFocus) again.focus();
  });
  const levels = setInterval(() => {
    const { rx, tx } = dialler.levels();
    track.dataset.rxLevel = String(rx);
    track.dataset.txLevel = String(tx);
    bar.style.setProperty("transform", `scaleX(${rx / 100})`);
    if (since_ms !== null && dialler.state().call !== "idle") time.textContent = duration(Date.now() - since_ms);
  }, LEVEL_MS);

  // Keys of the keyboard are keys of the call, unless somebody is writing.
  const onKey = (event: KeyboardEvent) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!/^[0-9*#]$/.test(event.key) || isWriting(event.target)) return;
    if (dialler.key(event.key)) event.preventDefault();
  };
  document.addEventListener("keydown", onKey);

  const end = (next: () => void) => {
    unsubscribe();
    clearInterval(levels);
    document.removeEventListener("keydown", onKey);
    dialler.attach(null);
    place.replaceChildren();
    next();
  };

  dialler.attach(audio);
  show(dialler.state());
  return {
    note: () => {
      note.textContent = sheet.dataset.unreachable ?? "";
      note.hidden = false;
    },
  };
}

/** The end as the sheet's attributes name it. */
function endName(end: DiallerEnd | null): string {
  if (end === null) return "hung_up";
  return typeof end === "string" ? end : end.microphone;
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

function part<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}
