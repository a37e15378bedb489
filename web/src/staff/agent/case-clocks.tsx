// The clocks of a case: under which rule, until when, how much of the time is used, and where the rule was read. Whoever sees to
// cases stops a clock, lets it go on, extends it, or says that what was due is done.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { type ProblemSlug, slugOfError } from "../../api/problem.ts";
import type { Case, CaseClock, ClockAct, Role } from "../../api/types.ts";
import { day, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import type { CaseMessages } from "../../i18n/zh-CN/cases.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useSession } from "../shell/session.ts";
import "./case-clocks.css";

/** Who sees to the clocks of cases; the server holds to it too. */
export function seesToClocks(role: Role): boolean {
  return role === "handler" || role === "supervisor" || role === "compliance";
}

/** From which share on a running clock is shown as a warning, percent. */
const WARN_PERCENT = 80;

/** What can be done to a clock as it stands, in the order of its buttons. */
export function actsOn(clock: CaseClock): ClockAct[] {
  const ends: ClockAct[] = clock.exception === null ? ["meet"] : ["meet", "except"];
  switch (clock.phase) {
    case "running":
      return [
        ...(clock.pauses === null ? [] : (["pause"] as const)),
        ...(clock.next_extension === null ? [] : (["extend"] as const)),
        ...ends,
      ];
    case "paused":
      return ["resume", ...ends];
    case "over":
      return ends;
    default:
      return [];
  }
}

export function CaseClocks({ reference, clocks }: { reference: string; clocks: CaseClock[] }) {
  const t = useCaseWords();
  const w = useWords();
  const queries = useQueryClient();
  const me = useSession().data;
  const [problem, setProblem] = useState<ProblemSlug | null>(null);
  const [busy, setBusy] = useState(false);
  const rules = me !== null && me !== undefined && seesToClocks(me.role);

  const act = async (clock: string, asked: ClockAct) => {
    setBusy(true);
    setProblem(null);
    try {
      const after = await api.ruleClock(reference, clock, asked);
      queries.setQueryData(["case", reference], (found: Case | undefined) => found && { ...found, clocks: after });
    } catch (error) {
      setProblem(slugOfError(error));
    }
    setBusy(false);
  };

  return (
    <section className="case-clocks" aria-label={t.clocks.heading}>
      <h4>{t.clocks.heading}</h4>
      {clocks.length === 0 && <p className="muted">{t.clocks.none}</p>}
      {problem !== null && (
        <p className="form-problem" role="alert">
          {w.problems[problem]}
        </p>
      )}
      <ul>
        {clocks.map((clock) => (
          <li key={clock.id} data-clock={clock.regime} data-phase={clock.phase ?? "unknown"}>
            <Facts clock={clock} />
            {rules && (
              <p className="clock-acts">
                {actsOn(clock).map((asked) => (
                  <Button key={asked} isDisabled={busy} onPress={() => void act(clock.id, asked)}>
                    {wordOf(asked, clock, t)}
                  </Button>
                ))}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordOf(act: ClockAct, clock: CaseClock, t: CaseMessages): string {
  const words = t.clocks.acts;
  return act === "extend" ? words.extend(clock.next_extension?.term ?? "") : words[act];
}

function Facts({ clock }: { clock: CaseClock }) {
  const t = useCaseWords();
  const language = useLanguage();
  const c = t.clocks;
  const at = (time: string) => shortTime(time, Date.now(), language);
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(clock.used_percent / 100);
  return (
    <>
      <p className="clock-head">
        <strong>{clock.name[language]}</strong> <ClockPhaseTag clock={clock} />
      </p>
      <p>{clock.what[language]}</p>
      {clock.deadline !== null && (
        <p>
          <time dateTime={clock.deadline}>{c.until(at(clock.deadline), clock.time_zone ?? "UTC")}</time>
          {" · "}
          {clock.term}
          {clock.extended > 0 && ` · ${c.extended(String(clock.extended))}`}
        </p>
      )}
      <p className="clock-used">
        <meter min={0} max={100} value={clock.used_percent} aria-label={c.used(percent)} />
        <span>{c.used(percent)}</span>
      </p>
      <p className="muted small">{c.started(clock.starts[language], at(clock.started_at))}</p>
      {clock.next_extension !== null && clock.phase === "running" && (
        <p className="muted small">
          {c.acts.extend(clock.next_extension.term)}: {clock.next_extension.when[language]} ·{" "}
          {c.needs[clock.next_extension.needs]}
        </p>
      )}
      <p className="muted small">
        {c.source}: {clock.source} · {c.marks[clock.mark] ?? clock.mark} · {c.checked(day(clock.checked_on, language))}
      </p>
    </>
  );
}

/** How a clock stands, with a sign and a word. */
export function ClockPhaseTag({ clock }: { clock: CaseClock }) {
  const t = useCaseWords();
  const c = t.clocks;
  if (clock.phase === null) {
    return <Tag tone="bad" icon="warning" text={c.unknown(String(clock.missing_year ?? ""))} />;
  }
  switch (clock.phase) {
    case "running":
      return (
        <Tag tone={clock.used_percent >= WARN_PERCENT ? "warn" : "quiet"} icon="clock" text={c.phases[clock.phase]} />
      );
    case "paused":
      return <Tag tone="quiet" icon="pause" text={c.phases[clock.phase]} />;
    case "over":
      return clock.binding ? (
        <Tag tone="bad" icon="warning" text={c.phases[clock.phase]} />
      ) : (
        <Tag tone="quiet" icon="clock" text={c.lapsed} />
      );
    case "met_late":
      return <Tag tone="warn" icon="check" text={c.phases[clock.phase]} />;
    case "met":
    case "excepted":
      return <Tag tone="ok" icon="check" text={c.phases[clock.phase]} />;
  }
}
