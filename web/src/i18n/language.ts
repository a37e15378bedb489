// The reader's language: their own choice, else the browser's, else Chinese. Kept in this browser only.

import { useSyncExternalStore } from "react";
import type { Language } from "../api/types.ts";

const KEY = "walletline.language";
const listeners = new Set<() => void>();
let language: Language = "zh-CN";

function initial(): Language {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "zh-CN" || chosen === "en") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

function set(changed: Language): void {
  language = changed;
  document.documentElement.lang = changed;
  for (const listener of listeners) listener();
}

/** Reads the choice; call once before the first render. */
export function startLanguage(): void {
  set(initial());
}

export function chooseLanguage(changed: Language): void {
  localStorage.setItem(KEY, changed);
  set(changed);
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}

/** How each language names itself, for the switch. */
export const LANGUAGE_NAMES: Record<Language, string> = { "zh-CN": "中文", en: "English" };
