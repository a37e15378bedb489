// Who this is, as far as it is known, above everything else about the contact. An unverified caller is impossible to
// overlook; a matching number is called what it is: a claim.

import type { Channel, Level, Service } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-words.ts";
import { CallerNumber } from "./caller.tsx";

type Props = {
  level: Level;
  caller: string;
  wallet: string;
  line: string;
  channel: Channel;
  service: Service | null;
};

export function IdentityStrip({ level, caller, wallet, line, channel, service }: Props) {
  const t = useStaff();
  const w = useWords();
  return (
    <section className={`identity identity-${level}`} aria-label={t.identity.region} data-level={level}>
      <div className="identity-who">
        <strong className="identity-number">
          <CallerNumber caller={caller} />
        </strong>
        <span className="muted">
          {channel === "web_call" ? t.phone.webCall : t.phone.voice} · {wallet} {line}
          {service && ` · ${w.services[service]}`}
        </span>
      </div>
      <p className="identity-level">
        <Icon name={level === "A0" ? "shield" : "warning"} size={20} />
        <span>
          <strong>{t.identity[level]}</strong>
          <span>{level === "A0" ? t.identity.A0Detail : t.identity.A1Detail}</span>
        </span>
      </p>
    </section>
  );
}
