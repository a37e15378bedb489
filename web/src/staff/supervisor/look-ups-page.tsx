// Numbers that were shown in full outside a live contact: whoever leads or checks says that they have seen it. After every act the server is
// asked again.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { lookUpApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { LookUp, Me } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useLookUpWords } from "../../i18n/use-look-ups.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Mark } from "../shell/front-page.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";

const LOOK_UPS_KEY = ["look-ups"];

/** Who sees look-ups of others; the server holds to the same. */
export function seesLookUps(role: Me["role"]): boolean {
  return role === "supervisor" || role === "compliance";
}

export function LookUpsPage({ me }: { me: Me }) {
  const t = useLookUpWords();
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
      <main>{seesLookUps(me.role) ? <LookUps /> : <p>{t.notYours}</p>}</main>
    </div>
  );
}

function LookUps() {
  const t = useLookUpWords();
  const w = useWords();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const waiting = useQuery({ queryKey: LOOK_UPS_KEY, queryFn: lookUpApi.list });
  const see = async (id: string) => {
    setProblem(null);
    try {
      await lookUpApi.see(id);
    } catch (error) {
      setProblem(w.problems[slugOfError(error)]);
    }
    await queries.invalidateQueries({ queryKey: LOOK_UPS_KEY });
  };
  if (waiting.isPending) return <p aria-busy="true">{t.title}</p>;
  if (waiting.isError) return <p role="alert">{w.problems.unavailable}</p>;
  return (
    <>
      <p role="alert" className="form-problem">
        {problem}
      </p>
      {waiting.data.length === 0 && <p className="muted">{t.none}</p>}
      <ul className="listings">
        {waiting.data.map((lookUp) => (
          <Card key={lookUp.id} lookUp={lookUp} onSeen={() => void see(lookUp.id)} />
        ))}
      </ul>
    </>
  );
}

function Card({ lookUp, onSeen }: { lookUp: LookUp; onSeen: () => void }) {
  const t = useLookUpWords();
  const language = useLanguage();
  const at = shortTime(lookUp.at, Date.now(), language);
  return (
    <li className="listing">
      <h2>{t.by(lookUp.agent, at)}</h2>
      <p>{lookUp.reason}</p>
      <p className="muted">
        {t.contact} <code>{lookUp.contact}</code>
      </p>
      <div className="listing-acts">
        <Button tone="accent" label={t.seenOf(lookUp.agent, at)} onPress={onSeen}>
          {t.seen}
        </Button>
      </div>
    </li>
  );
}
