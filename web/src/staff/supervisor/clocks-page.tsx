// Which deadlines run, the one that is due next first: how much of the time is used with a sign and a word, and the case behind each.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { clockApi } from "../../api/client.ts";
import type { ClockFilter, DueClock, Me } from "../../api/types.ts";
import { grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useClocksPageWords } from "../../i18n/use-clocks-page.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { ClockPhaseTag } from "../agent/case-clocks.tsx";
import { CaseDetails } from "../agent/case-details.tsx";
import { Mark } from "../shell/front-page.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";
import "./clocks.css";

/** How often the list is fetched again, milliseconds: shares of days move slowly. */
const REFRESH_MS = 30_000;

const FILTERS: ClockFilter[] = ["all", "running", "paused", "over"];

/** Who sees which clocks run; the server holds to the same. */
export function seesClocks(role: Me["role"]): boolean {
  return role === "supervisor" || role === "handler" || role === "compliance" || role === "auditor";
}

/** What is to be said of a clock that runs; nothing before half the time is used. */
export function alertOf(clock: DueClock["clock"]): "half" | "most" | null {
  if (clock.phase !== "running") return null;
  if (clock.used_percent >= 80) return "most";
  return clock.used_percent >= 50 ? "half" : null;
}

export function ClocksPage({ me }: { me: Me }) {
  const t = useClocksPageWords();
  const w = useWords();
  useEffect(() => {
    document.title = `${t.title} · ${w.product}`;
  }, [t, w]);
  return (
    <div className="directory">
      <header className="directory-top">
        <h1>
          <Mark /> {t.title}
        </h1>
        <a href="/desk">{t.toDesk}</a>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>{seesClocks(me.role) ? <Clocks /> : <p>{t.notYours}</p>}</main>
    </div>
  );
}

function Clocks() {
  const t = useClocksPageWords();
  const w = useWords();
  const [filter, setFilter] = useState<ClockFilter>("all");
  const due = useQuery({
    queryKey: ["clocks", filter],
    queryFn: () => clockApi.list(filter),
    refetchInterval: REFRESH_MS,
  });
  return (
    <>
      <fieldset className="clock-filters">
        <legend>{t.filter}</legend>
        {FILTERS.map((each) => (
          <label key={each}>
            <input type="radio" name="state" checked={filter === each} onChange={() => setFilter(each)} />{" "}
            {t.filters[each]}
          </label>
        ))}
      </fieldset>
      {due.isPending && <p aria-busy="true">{t.title}</p>}
      {due.isError && <p role="alert">{w.problems.unavailable}</p>}
      {due.data?.length === 0 && <p className="muted">{t.none}</p>}
      <ul className="listings">
        {due.data?.map((each) => (
          <Card key={each.clock.id} due={each} />
        ))}
      </ul>
    </>
  );
}

function Card({ due }: { due: DueClock }) {
  const t = useClocksPageWords();
  const s = useStaff();
  const c = useCaseWords();
  const language = useLanguage();
  const [open, setOpen] = useState(false);
  const { clock } = due;
  const alert = alertOf(clock);
  const percent = new Intl.NumberFormat(language, { style: "percent" }).format(clock.used_percent / 100);
  return (
    <li className="listing" data-due={due.reference} data-phase={clock.phase ?? "unknown"}>
      <h2>
        {s.cases.kinds[due.kind]} <span className="figures">{grouped(due.reference)}</span>
      </h2>
      <p className="clock-line">
        <ClockPhaseTag clock={clock} />
        {alert !== null && <Tag tone="warn" icon="warning" text={t.alerts[alert]} />}
        {clock.deadline === null ? (
          <span>{t.noDay}</span>
        ) : (
          <time dateTime={clock.deadline}>
            {t.due(shortTime(clock.deadline, Date.now(), language), clock.time_zone ?? "UTC")}
          </time>
        )}
      </p>
      <p className="clock-line">
        <meter min={0} max={100} value={clock.used_percent} aria-label={c.clocks.used(percent)} />
        <span>{c.clocks.used(percent)}</span>
      </p>
      <p>
        {clock.what[language]} <span className="muted">· {clock.name[language]}</span>
      </p>
      <Button aria-expanded={open} onPress={() => setOpen(!open)}>
        {t.open(grouped(due.reference))}
      </Button>
      {open && <CaseDetails reference={due.reference} />}
    </li>
  );
}
