// The shared words and what the server refuses, for the staff's screens: nearly each of them says both.

import { useMemo } from "react";
import { useProblems } from "./use-problems.ts";
import { useWords as useShared } from "./use-words.ts";
import type { Problems } from "./zh-CN/problems.ts";
import type { Words } from "./zh-CN/words.ts";

export function useWords(): Words & { problems: Problems } {
  const words = useShared();
  const problems = useProblems();
  return useMemo(() => ({ ...words, problems }), [words, problems]);
}
