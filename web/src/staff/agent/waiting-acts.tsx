// Acts on accounts that wait for a second person: what is asked, by whom, and what the customer showed. Nobody decides on their own.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ActVerdict, Me, WaitingAct } from "../../api/types.ts";
import { clockTime, grouped } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { useConfirmation } from "../shell/confirmation.tsx";
import { notices } from "../shell/notice.ts";

const KEY = ["waiting-acts"];

/** No live event tells of them: how often the list is fetched while it is on the screen, milliseconds. */
const REFRESH_MS = 10_000;

export function WaitingActs({ me }: { me: Pick<Me, "number"> }) {
  const t = useStaff();
  const { data } = useQuery({ queryKey: KEY, queryFn: api.waitingActs, refetchInterval: REFRESH_MS });
  // Seldom anything waits: then there is nothing to see.
  if (data === undefined || data.length === 0) return null;
  return (
    <section className="callbacks" aria-labelledby="waiting-acts-title">
      <h2 id="waiting-acts-title" className="section-title">
        {t.waitingActs.heading} · {data.length}
      </h2>
      <ul>
        {data.map((act) => (
          <Waiting key={act.id} act={act} isOwn={act.maker === me.number} />
        ))}
      </ul>
    </section>
  );
}

function Waiting({ act, isOwn }: { act: WaitingAct; isOwn: boolean }) {
  const t = useStaff();
  const w = useWords();
  const language = useLanguage();
  const queries = useQueryClient();
  const { run, dialog } = useConfirmation();
  const [isBusy, setBusy] = useState(false);
  const names: Record<string, string> = t.accountActs.names;
  const decide = (verdict: ActVerdict) => {
    setBusy(true);
    run(() => api.decideAct(act.id, verdict))
      .catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]))
      .finally(() => {
        setBusy(false);
        void queries.invalidateQueries({ queryKey: KEY });
      });
  };
  return (
    <li data-waiting-act={act.id}>
      <p>
        <strong>{names[act.act] ?? act.act}</strong> · <span className="figures">{grouped(act.reference)}</span>
      </p>
      <p className="muted">
        {t.waitingActs.askedBy(act.maker, clockTime(act.asked_at, language))} · {t.identity.levels[act.level]}
      </p>
      {isOwn ? (
        <p className="muted">{t.waitingActs.own}</p>
      ) : (
        <div className="company-buttons">
          <Button tone="accent" icon="check" isDisabled={isBusy} onPress={() => decide("agree")}>
            {t.waitingActs.agree}
          </Button>
          <Button isDisabled={isBusy} onPress={() => decide("disagree")}>
            {t.waitingActs.disagree}
          </Button>
        </div>
      )}
      {dialog}
    </li>
  );
}
