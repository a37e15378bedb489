// A sum as the reader's language writes it.

import type { Sum } from "../../api/types.ts";
import { money } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";

export function useSum(): (sum: Sum | null) => string {
  const language = useLanguage();
  return (sum) => (sum === null ? "–" : money(sum.amount, sum.currency, language));
}
