// A contact that is over, to read: who called, how it ended, what happened.

import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import { duration, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { CaseReference } from "./case-reference.tsx";
import { IdentityStrip } from "./identity-strip.tsx";
import { RecordingPlayer } from "./recording-player.tsx";
import { Timeline } from "./timeline.tsx";

type Props = { contact: string; onClose: () => void; mayHold?: boolean };

export function PastContact({ contact: id, onClose, mayHold = false }: Props) {
  const t = useStaff();
  const w = useWords();
  const language = useLanguage();
  const { data: contact, error } = useQuery({ queryKey: ["contact", id], queryFn: () => api.contact(id) });
  return (
    <>
      <header className="section-head past-head">
        <h2 className="section-title">{t.record.heading}</h2>
        <Button tone="quiet" icon="left" onPress={onClose}>
          {t.record.back}
        </Button>
      </header>
      {error && <p className="form-problem">{w.problems[slugOfError(error)]}</p>}
      {contact && (
        <>
          <IdentityStrip
            contact={id}
            level={contact.level}
            caller={contact.caller}
            callerId={contact.caller_id}
            wallet={contact.wallet}
            line={contact.line}
            channel={contact.channel}
            service={contact.service}
            risk={contact.risk}
            customer={null}
          />
          <dl className="facts facts-row">
            <div>
              <dt>{t.record.opened}</dt>
              <dd>{shortTime(contact.opened_at, Date.now(), language)}</dd>
            </div>
            <div>
              <dt>{t.record.length}</dt>
              <dd className="figures">{talkTime(contact.connected_at, contact.ended_at) ?? t.record.none}</dd>
            </div>
            <div>
              <dt>{t.record.disposition}</dt>
              <dd>{contact.disposition ? t.dispositions[contact.disposition] : t.record.none}</dd>
            </div>
            <div>
              <dt>{t.record.agents}</dt>
              <dd>{contact.agents.map((agent) => agent.number).join(", ") || t.record.none}</dd>
            </div>
          </dl>
          <section className="past-case" aria-labelledby="past-case-title">
            <h3 id="past-case-title" className="fact-title">
              {t.cases.heading}
            </h3>
            {contact.case === null ? <p>{t.record.none}</p> : <CaseReference reference={contact.case} />}
          </section>
          {contact.recording !== null && <RecordingPlayer contact={id} mayHold={mayHold} />}
        </>
      )}
      <Timeline contact={id} isLive={false} />
    </>
  );
}

function talkTime(from: string | null, to: string | null): string | null {
  return from && to ? duration(Date.parse(to) - Date.parse(from)) : null;
}
