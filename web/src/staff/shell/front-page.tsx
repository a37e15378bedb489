// The quiet page before the desk: one card, the product's mark, and the choice of language and appearance.

import type { ReactNode } from "react";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";

export function FrontPage({ heading, children }: { heading: string; children: ReactNode }) {
  const t = useStaff();
  const w = useWords();
  return (
    <div className="front">
      <header className="front-top">
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main className="front-card">
        <p className="front-brand">
          <Mark />
          <span>
            <strong>{w.product}</strong>
            <small>{t.logIn.official}</small>
          </span>
        </p>
        <h1>{heading}</h1>
        {children}
      </main>
    </div>
  );
}

export function Mark() {
  return (
    <svg className="mark" width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M7.5 11.5 12 21l4-8.5 4 8.5 4.5-9.5" />
    </svg>
  );
}
