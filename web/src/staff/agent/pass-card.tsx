// What the caller wrote on the help pages before calling. Whoever holds the six digits could have written it: the card says so, and
// nothing on it makes the caller better known. The screenshot is fetched when asked for, because each reading goes on record.

import { useState } from "react";
import type { PassView } from "../../api/types.ts";
import { grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";

export function PassCard({ contact, pass, isLive }: { contact: string; pass: PassView; isLive: boolean }) {
  const t = useStaff();
  const language = useLanguage();
  const { told } = pass;
  return (
    <section className="fact-card pass-card" aria-labelledby="pass-title" data-pass={pass.topic}>
      <header className="section-head">
        <h2 id="pass-title" className="section-title">
          {t.pass.heading}
        </h2>
        <Tag tone="warn" icon="warning" text={t.pass.unverified} />
      </header>
      <p>
        <strong>{t.pass.topics[pass.topic]}</strong>{" "}
        <span className="muted fact-aside">
          {t.pass.made} <time dateTime={pass.made_at}>{shortTime(pass.made_at, Date.now(), language)}</time>
        </span>
      </p>
      {told && (
        <>
          <dl className="fact-list">
            {told.transaction && (
              <>
                <dt>{t.pass.transaction}</dt>
                <dd className="figures">{grouped(told.transaction)}</dd>
              </>
            )}
            {told.description !== "" && (
              <>
                <dt>{t.pass.description}</dt>
                <dd className="pass-text">{told.description}</dd>
              </>
            )}
            {told.error_text !== "" && (
              <>
                <dt>{t.pass.errorText}</dt>
                <dd className="pass-text">{told.error_text}</dd>
              </>
            )}
          </dl>
          {told.screenshot && isLive && <Screenshot key={pass.id} contact={contact} />}
        </>
      )}
    </section>
  );
}

function Screenshot({ contact }: { contact: string }) {
  const t = useStaff();
  const [state, setState] = useState<"hidden" | "shown" | "gone">("hidden");
  if (state === "gone") return <p className="form-problem">{t.pass.screenshotGone}</p>;
  if (state === "hidden") return <Button onPress={() => setState("shown")}>{t.pass.showScreenshot}</Button>;
  return (
    <img
      className="pass-screenshot"
      src={`/api/v1/contacts/${encodeURIComponent(contact)}/screenshot`}
      alt={t.pass.screenshot}
      onError={() => setState("gone")}
    />
  );
}
