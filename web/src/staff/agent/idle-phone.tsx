// The phone between calls: whether calls will come, who waits to be called back, and the last contacts of this desk.

import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import type { AgentView, Contact } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { useLive } from "../shell/use-live.ts";
import { Callbacks, callsBack } from "./callbacks.tsx";
import { CallerNumber } from "./caller.tsx";
import { WaitingActs } from "./waiting-acts.tsx";

type Props = { agent: AgentView | null; selected: string | null; onSelect: (contact: string | null) => void };

export function IdlePhone({ agent, selected, onSelect }: Props) {
  const t = useStaff();
  const w = useWords();
  const { known, me } = useLive();
  const isReady = agent?.state === "ready";
  return (
    <>
      <div className={`card idle-phone ${isReady ? "idle-ready" : ""}`}>
        <p className="idle-state">
          <Icon name={isReady ? "check" : "pause"} />
          <strong>{isReady ? t.phone.idleReady : t.phone.idle}</strong>
        </p>
        {agent?.state === "not_responding" && <p className="form-problem">{t.presence.missed}</p>}
        {agent && !isReady && agent.state !== "not_responding" && <p className="muted">{t.phone.idleNotReady}</p>}
        {agent === null && known && <p className="muted">{w.problems["not-an-agent"]}</p>}
        {agent?.phone && <p className="muted small">{t.phone.sipPhone}</p>}
      </div>
      {me && callsBack(me.role) && <WaitingActs me={me} />}
      {me && callsBack(me.role) && <Callbacks me={me} />}
      <RecentContacts selected={selected} onSelect={onSelect} />
    </>
  );
}

function RecentContacts({ selected, onSelect }: Omit<Props, "agent">) {
  const t = useStaff();
  const recent = useQuery({ queryKey: ["contacts"], queryFn: api.contacts });
  return (
    <section className="recent" aria-labelledby="recent-title">
      <h2 id="recent-title" className="section-title">
        {t.phone.recent}
      </h2>
      {recent.data?.length === 0 && <p className="muted empty">{t.phone.noRecent}</p>}
      <ul>
        {recent.data?.map((contact) => (
          <RecentContact
            key={contact.id}
            contact={contact}
            isSelected={contact.id === selected}
            onPress={() => onSelect(contact.id === selected ? null : contact.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function RecentContact({
  contact,
  isSelected,
  onPress,
}: {
  contact: Contact;
  isSelected: boolean;
  onPress: () => void;
}) {
  const t = useStaff();
  const w = useWords();
  const language = useLanguage();
  return (
    <li>
      <button type="button" className="recent-item" aria-pressed={isSelected} onClick={onPress}>
        <span className="recent-line">
          <CallerNumber caller={contact.caller} />
          <time dateTime={contact.opened_at} className="muted">
            {shortTime(contact.opened_at, Date.now(), language)}
          </time>
        </span>
        <span className="recent-line muted small">
          <span>{contact.service ? w.services[contact.service] : t.ringing.noService}</span>
          <span>{contact.disposition ? t.dispositions[contact.disposition] : ""}</span>
        </span>
      </button>
    </li>
  );
}
