// Language and appearance, the same on every page of the desk.

import type { Language } from "../../api/types.ts";
import type { IconName } from "../../design/icons.tsx";
import { Icon } from "../../design/icons.tsx";
import { chooseTheme, THEMES, type Theme, useTheme } from "../../design/theme.ts";
import { chooseLanguage, LANGUAGE_NAMES, useLanguage } from "../../i18n/language.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Menu } from "../../ui/menu.tsx";

const THEME_ICONS: Record<Theme, IconName> = { system: "screen", light: "sun", dark: "moon" };

export function LanguageSwitch() {
  const w = useWords();
  const language = useLanguage();
  const choices = (Object.keys(LANGUAGE_NAMES) as Language[]).map((id) => ({ id, text: LANGUAGE_NAMES[id], lang: id }));
  return (
    <Menu label={w.language} choices={choices} selected={language} onChoose={(id) => chooseLanguage(id as Language)}>
      <Icon name="globe" />
      <span>{LANGUAGE_NAMES[language]}</span>
    </Menu>
  );
}

export function ThemeSwitch() {
  const w = useWords();
  const theme = useTheme();
  const choices = THEMES.map((id) => ({ id, text: w.themes[id], icon: THEME_ICONS[id] }));
  return (
    <Menu label={w.theme} choices={choices} selected={theme} onChoose={(id) => chooseTheme(id as Theme)}>
      <Icon name={THEME_ICONS[theme]} />
      <span className="visually-hidden">{w.themes[theme]}</span>
    </Menu>
  );
}
