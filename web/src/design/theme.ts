// Light, dark, or as the system is. The choice is one attribute on the root; all colours follow in tokens.css.

import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
export const THEMES: Theme[] = ["system", "light", "dark"];

const KEY = "walletline.theme";
const listeners = new Set<() => void>();
let theme: Theme = "system";

function set(changed: Theme): void {
  theme = changed;
  if (changed === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = changed;
  for (const listener of listeners) listener();
}

/** Reads the choice; call once before the first render. */
export function startTheme(): void {
  const chosen = localStorage.getItem(KEY);
  set(chosen === "light" || chosen === "dark" ? chosen : "system");
}

export function chooseTheme(changed: Theme): void {
  localStorage.setItem(KEY, changed);
  set(changed);
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => theme,
  );
}
