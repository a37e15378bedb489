// What somebody outside is called: by the operator's own words, in the reader's language.

import type { Language, OutsideView } from "../api/types.ts";

export function outsideName(outside: Pick<OutsideView, "id" | "name">, language: Language): string {
  return outside.name[language] ?? outside.id;
}
