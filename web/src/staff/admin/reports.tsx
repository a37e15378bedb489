// What strangers reported as fakes, for a person to look at. Nobody is warned before somebody here says so.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { directoryApi } from "../../api/client.ts";
import type { Me, Suspect, SuspectState } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useDirectoryWords } from "../../i18n/use-directory.ts";
import { Button } from "../../ui/button.tsx";
import { DIRECTORY_KEY, useDirectoryAct } from "./directory-page.tsx";

const STATES: SuspectState[] = ["open", "fraud", "dismissed"];

export function Reports({ me }: { me: Me }) {
  const t = useDirectoryWords();
  const [state, setState] = useState<SuspectState>("open");
  const reports = useQuery({
    queryKey: [...DIRECTORY_KEY, "reports", state],
    queryFn: () => directoryApi.reports(state),
  });
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{t.reports}</h2>
      <label>
        {t.show}{" "}
        <select value={state} onChange={(event) => setState(event.target.value as SuspectState)}>
          {STATES.map((known) => (
            <option key={known} value={known}>
              {t.suspects[known]}
            </option>
          ))}
        </select>
      </label>
      {reports.data?.length === 0 && <p className="muted">{t.noReports}</p>}
      <ul className="listings">
        {reports.data?.map((suspect) => (
          <Report key={suspect.id} me={me} suspect={suspect} />
        ))}
      </ul>
    </section>
  );
}

function Report({ me, suspect }: { me: Me; suspect: Suspect }) {
  const t = useDirectoryWords();
  const language = useLanguage();
  const { act, problem } = useDirectoryAct();
  const decides = me.role === "admin" || me.role === "checker";
  const judge = (fraud: boolean) => void act(() => directoryApi.judge(suspect.id, fraud));
  return (
    <li className="listing">
      <h3>
        <span className="figures">{suspect.value}</span>{" "}
        <span className="muted">
          {t.reported(String(suspect.reports), shortTime(suspect.last_at, Date.now(), language))}
        </span>
      </h3>
      <ul>
        {suspect.sightings.map((sighting) => (
          <li key={sighting.at}>
            <time dateTime={sighting.at}>{shortTime(sighting.at, Date.now(), language)}</time> · {t.seenIn}{" "}
            {t.seen[sighting.seen]}
            {sighting.detail && ` · ${sighting.detail}`}
          </li>
        ))}
      </ul>
      {problem && <p role="alert">{problem}</p>}
      {decides && (
        <p className="listing-acts">
          {suspect.state !== "fraud" && (
            <Button tone="bad" onPress={() => judge(true)}>
              {t.fraud}
            </Button>
          )}
          {suspect.state !== "dismissed" && <Button onPress={() => judge(false)}>{t.dismiss}</Button>}
        </p>
      )}
    </li>
  );
}
