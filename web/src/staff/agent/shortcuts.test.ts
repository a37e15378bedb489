import { describe, expect, it } from "vitest";
import { actOf, isTextTarget, type Key } from "./shortcuts.ts";

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
