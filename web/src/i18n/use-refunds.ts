// The words of refunds in the reader's language, and what a refusal says in them.

import { slugOfError } from "../api/problem.ts";
import { moneySlugOf } from "../staff/money/problem.ts";
import { refunds as en } from "./en/refunds.ts";
import { useLanguage } from "./language.ts";
import { useWords } from "./use-staff-words.ts";
import { type RefundMessages, refunds as zhCN } from "./zh-CN/refunds.ts";

export function useRefundWords(): RefundMessages {
  return useLanguage() === "en" ? en : zhCN;
}

/** Says why something was refused: by a rule on money, or for any other reason. */
export function useRefundProblem(): (error: unknown) => string {
  const t = useRefundWords();
  const w = useWords();
  return (error) => {
    const slug = moneySlugOf(error);
    return slug === null ? w.problems[slugOfError(error)] : t.problems[slug];
  };
}
