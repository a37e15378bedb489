// Language and appearance as two native lists.

import type { Language } from "../api/types.ts";
import { chooseTheme, THEMES, type Theme, useTheme } from "../design/theme.ts";
import { chooseLanguage, LANGUAGE_NAMES, useLanguage } from "../i18n/language.ts";
import { useWords } from "../i18n/use-words.ts";

export function Preferences() {
  const w = useWords();
  const language = useLanguage();
  const theme = useTheme();
  return (
    <div className="preferences">
      <select
        aria-label={w.language}
        value={language}
        onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
      >
        {(Object.keys(LANGUAGE_NAMES) as Language[]).map((id) => (
          <option key={id} value={id} lang={id}>
            {LANGUAGE_NAMES[id]}
          </option>
        ))}
      </select>
      <select aria-label={w.theme} value={theme} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
        {THEMES.map((id) => (
          <option key={id} value={id}>
            {w.themes[id]}
          </option>
        ))}
      </select>
    </div>
  );
}
