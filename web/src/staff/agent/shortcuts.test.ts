import { describe, expect, it } from "vitest";
import { actOf, DEFAULT_BINDINGS, isTextTarget, type Key, keyLabel, ShortcutSettings } from "./shortcuts.ts";

function key(change: Partial<Key> & { modifiers?: string[] }): Key {
  const { modifiers = [], ...rest } = change;
  return {
    code: "",
    key: "",
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    repeat: false,
    isComposing: false,
    getModifierState: (name) => modifiers.includes(name),
    ...rest,
  };
}

describe("shortcuts", () => {
  it.each([
    ["KeyA", "answer"],
    ["KeyM", "mute"],
    ["KeyH", "hold"],
    ["KeyT", "transfer"],
    ["KeyV", "verify"],
    ["KeyX", "hang_up"],
    ["KeyN", "notes"],
    ["KeyW", "wrap_up"],
    ["KeyR", "ready"],
  ])("Alt with %s is %s, also while typing and under any layout", (code, act) => {
    expect(actOf(key({ code, key: "å", altKey: true }), true)).toBe(act);
    expect(actOf(key({ code, altKey: true }), false)).toBe(act);
    expect(actOf(key({ code }), false)).toBeNull();
  });

  it("leaves repeats, AltGr, Ctrl+Alt, Shift+Alt, Meta and half-written words alone", () => {
    const answer = { code: "KeyA", altKey: true };
    expect(actOf(key({ ...answer, repeat: true }), false)).toBeNull();
    expect(actOf(key({ ...answer, isComposing: true }), false)).toBeNull();
    expect(actOf(key({ ...answer, ctrlKey: true }), false)).toBeNull();
    expect(actOf(key({ ...answer, shiftKey: true }), false)).toBeNull();
    expect(actOf(key({ ...answer, metaKey: true }), false)).toBeNull();
    expect(actOf(key({ ...answer, modifiers: ["AltGraph"] }), false)).toBeNull();
  });

  it("takes digits and ? only where nobody types", () => {
    expect(actOf(key({ code: "Digit1", key: "1" }), false)).toBe("code_1");
    expect(actOf(key({ code: "Numpad6", key: "6" }), false)).toBe("code_6");
    expect(actOf(key({ code: "Digit7", key: "7" }), false)).toBeNull();
    expect(actOf(key({ code: "Digit1", key: "!", shiftKey: true }), false)).toBeNull();
    expect(actOf(key({ code: "Digit1", key: "1" }), true)).toBeNull();
    expect(actOf(key({ code: "Slash", key: "?", shiftKey: true }), false)).toBe("help");
    expect(actOf(key({ code: "Slash", key: "?", shiftKey: true }), true)).toBeNull();
  });

  it("finishes with Ctrl+Enter, also while typing", () => {
    expect(actOf(key({ code: "Enter", key: "Enter", ctrlKey: true }), true)).toBe("finish");
    expect(actOf(key({ code: "Enter", key: "Enter" }), true)).toBeNull();
  });

  it("knows where text is written", () => {
    const input = (type: string) => Object.assign(document.createElement("input"), { type });
    expect(isTextTarget(document.createElement("textarea"))).toBe(true);
    expect(isTextTarget(input("text"))).toBe(true);
    expect(isTextTarget(input("password"))).toBe(true);
    expect(isTextTarget(input("radio"))).toBe(false);
    expect(isTextTarget(document.createElement("button"))).toBe(false);
    expect(isTextTarget(null)).toBe(false);
  });
});

describe("the reader's own keys", () => {
  function storage(stored: Record<string, string> = {}) {
    const kept = new Map(Object.entries(stored));
    return {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    };
  }

  it("replace the old key, and are kept", () => {
    const place = storage();
    const settings = new ShortcutSettings(place);
    expect(settings.bind("answer", "KeyJ")).toBe(true);
    expect(actOf(key({ code: "KeyJ", altKey: true }), false, settings.bindings())).toBe("answer");
    expect(actOf(key({ code: "KeyA", altKey: true }), false, settings.bindings())).toBeNull();
    expect(new ShortcutSettings(place).bindings().answer).toBe("KeyJ");
    settings.reset();
    expect(new ShortcutSettings(place).bindings()).toEqual(DEFAULT_BINDINGS);
  });

  it("change places with the act that had the key", () => {
    const settings = new ShortcutSettings(storage());
    settings.bind("answer", "KeyM");
    expect(settings.bindings()).toMatchObject({ answer: "KeyM", mute: "KeyA" });
  });

  it("can only be letters and digits", () => {
    const settings = new ShortcutSettings(storage());
    for (const code of ["Enter", "Tab", "F5", "ArrowUp", "Space", "NumpadAdd"]) {
      expect(settings.bind("answer", code)).toBe(false);
    }
    expect(settings.bindings()).toEqual(DEFAULT_BINDINGS);
    expect(settings.bind("answer", "Digit7")).toBe(true);
    expect(keyLabel("Digit7")).toBe("Alt+7");
    expect(keyLabel("KeyA")).toBe("Alt+A");
  });

  it.each(["not json", "null", "[]", '{"answer":"KeyJ"}', JSON.stringify({ ...DEFAULT_BINDINGS, mute: "KeyA" })])(
    "are the defaults when %s was stored",
    (text) => {
      expect(new ShortcutSettings(storage({ "walletline.shortcuts.keys": text })).bindings()).toEqual(DEFAULT_BINDINGS);
    },
  );

  it("can be off", () => {
    const place = storage();
    const settings = new ShortcutSettings(place);
    expect(settings.isEnabled()).toBe(true);
    settings.enable(false);
    expect(new ShortcutSettings(place).isEnabled()).toBe(false);
  });
});
