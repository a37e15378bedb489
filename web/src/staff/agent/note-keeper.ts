// Keeps one contact's note: loads it, saves it every two seconds while it changes and whenever the reader turns away,
// and holds every unsaved word in this tab's storage, so that neither a reload nor a dead network loses it.

import { Problem } from "../../api/problem.ts";

export type NoteStatus = "loading" | "saved" | "pending" | "saving" | "kept";
export type NoteState = { text: string; status: NoteStatus; saved_at_ms: number | null };

export type NoteWorld = {
  load: (contact: string) => Promise<string>;
  save: (contact: string, text: string, leaving: boolean) => Promise<void>;
  drafts: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  now_ms: () => number;
};

const AUTOSAVE_MS = 2_000;
const RETRY_MS = 5_000;
const LOAD_AGAIN_MS = 500;

/** The server's bound; the field stops there. */
export const NOTE_MAX = 4_000;

export const draftKey = (contact: string) => `walletline.note.${contact}`;

/** Words typed before the server's note was read: they go below it, never over it. */
const belowKey = (contact: string) => `${draftKey(contact)}.below`;

export class NoteKeeper {
  readonly contact: string;
  #world: NoteWorld;
  #state: NoteState = { text: "", status: "loading", saved_at_ms: null };
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #sent: string | null = null;
  #saving: Promise<void> | null = null;
  /** The server's note was read, or a draft newer than it was found. */
  #isKnown = false;
  #isClosed = false;

  constructor(contact: string, world: NoteWorld) {
    this.contact = contact;
    this.#world = world;
    const draft = world.drafts.getItem(draftKey(contact));
    if (draft === null) {
      this.#state = { ...this.#state, text: world.drafts.getItem(belowKey(contact)) ?? "" };
      return;
    }
    this.#isKnown = true;
    this.#state = { text: draft, status: "pending", saved_at_ms: null };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): NoteState => this.#state;

  /** Fetches what the server has. What was typed meanwhile is put below it; a draft from before a reload wins. */
  async start(): Promise<void> {
    if (this.#isKnown) {
      await this.save();
      return;
    }
    let stored: string;
    try {
      stored = await this.#world.load(this.contact);
    } catch {
      // A contact just accepted may not be on record yet.
      if (!this.#isClosed) this.#timer = setTimeout(() => void this.start(), LOAD_AGAIN_MS);
      return;
    }
    this.#isKnown = true;
    this.#timer = null;
    this.#sent = stored;
    const typed = this.#state.text;
    if (typed === "" || typed === stored) this.#set({ text: stored, status: "saved", saved_at_ms: null });
    else this.edit(stored === "" ? typed : `${stored}\n${typed}`, true);
  }

  edit(text: string, isForced = false): void {
    if (text === this.#state.text && !isForced) return;
    const { drafts } = this.#world;
    drafts.setItem(this.#isKnown ? draftKey(this.contact) : belowKey(this.contact), text);
    if (this.#isKnown) drafts.removeItem(belowKey(this.contact));
    this.#set({ ...this.#state, text, status: "pending" });
    if (this.#isKnown) this.#later(AUTOSAVE_MS);
  }

  /** Saves what is unsaved now. `leaving`: the page is going away and will not see the answer. */
  async save(leaving = false): Promise<void> {
    // Nothing is written over a note that was not read yet; the draft keeps the words.
    if (!this.#isKnown) return;
    this.#clearTimer();
    if (this.#saving && !leaving) await this.#saving;
    const { text, status } = this.#state;
    if (status !== "pending" && status !== "kept") return;
    this.#set({ ...this.#state, status: "saving" });
    this.#saving = this.#write(text, leaving).finally(() => {
      this.#saving = null;
    });
    await this.#saving;
  }

  /** Saves once more and stops. */
  close(): void {
    this.#isClosed = true;
    void this.save();
    this.#clearTimer();
  }

  async #write(text: string, leaving: boolean): Promise<void> {
    try {
      if (text !== this.#sent) await this.#world.save(this.contact, text, leaving);
      this.#sent = text;
      if (this.#state.text === text) {
        this.#world.drafts.removeItem(draftKey(this.contact));
        this.#set({ text, status: "saved", saved_at_ms: this.#world.now_ms() });
      }
    } catch (error) {
      this.#set({ ...this.#state, status: "kept" });
      // A refusal stays a refusal; only a server that did not answer is asked again.
      const isRefusal = error instanceof Problem && error.status >= 400 && error.status < 500;
      if (!isRefusal && !this.#isClosed) this.#later(RETRY_MS);
    }
  }

  #later(delay_ms: number): void {
    this.#timer ??= setTimeout(() => void this.save(), delay_ms);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #set(state: NoteState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
