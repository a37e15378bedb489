// Tells the agent why a call could not be taken in this browser, and what to do about it.

import { useEffect } from "react";
import { slugOfError } from "../../api/problem.ts";
import type { CallProblem } from "../../call/engine.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { notices } from "../shell/notice.ts";

export function useCallProblems(problem: CallProblem | null): void {
  const t = useStaff();
  const w = useWords();
  useEffect(() => {
    if (problem === null) return;
    if (problem.kind === "refused") notices.complain(w.problems[slugOfError(problem.error)]);
    else if (problem.kind === "no_answer") notices.complain(t.call.noAnswer);
    else {
      const { state } = problem;
      const advice = state === "denied" || state === "unsupported" ? t.microphone[state] : t.microphone.missing;
      notices.complain(`${w.microphone[state]} · ${advice}`);
    }
  }, [problem, t, w]);
}
