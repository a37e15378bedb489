// Who this is, as far as it is known, above everything else about the contact. An unverified caller is impossible to
// overlook; a number that was named or shown is called what it is: a claim.

import type { CallerIdTrust, Channel, CustomerView, Level, Service } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { isVerified, levelIcon, needOf } from "./assurance.ts";
import { WholeNumber } from "./whole-number.tsx";

type Props = {
  contact: string;
  level: Level;
  caller: string;
  /** How far the networks vouch for that number. */
  callerId: CallerIdTrust;
  wallet: string;
  line: string;
  channel: Channel;
  service: Service | null;
  /** Signals against the caller's claim. */
  risk: string[];
  /** None of a contact that is over: its record keeps the level, not the person. */
  customer: CustomerView | null;
};

export function IdentityStrip({
  contact,
  level,
  caller,
  callerId,
  wallet,
  line,
  channel,
  service,
  risk,
  customer,
}: Props) {
  const t = useStaff();
  const w = useWords();
  // What speaks against the number stands among the risks.
  const vouched = t.identity.callerIds[callerId];
  return (
    <section className={`identity identity-${level}`} aria-label={t.identity.region} data-level={level}>
      <div className="identity-body">
        <div className="identity-who">
          <p>
            <strong className="identity-number">
              <WholeNumber key={contact} contact={contact} caller={caller} />
            </strong>{" "}
            {customer && customer.number !== "" && (
              <span className="muted identity-named" data-named>
                {t.identity.named(customer.number)}
              </span>
            )}
          </p>
          <p className="muted">
            {t.phone[channel === "web_call" ? "webCall" : channel]} · {wallet} {line}
            {service && ` · ${w.services[service]}`}
          </p>
          {vouched && (
            <p className="muted" data-caller-id={callerId}>
              {vouched}
            </p>
          )}
          {customer && <Name level={level} customer={customer} />}
        </div>
        <div className="identity-level">
          <Icon name={levelIcon(level)} size={20} />
          <div>
            <strong>{t.identity.levels[level]}</strong>
            <Proof level={level} customer={customer} />
            <span>{t.identity.details[level]}</span>
          </div>
        </div>
      </div>
      {risk.length > 0 && (
        <ul className="identity-risks">
          {risk.map((signal) => (
            <li key={signal} data-risk={signal}>
              <Icon name="warning" size={16} />
              {t.identity.risks[signal] ?? t.identity.otherRisk(signal)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Name({ level, customer }: { level: Level; customer: CustomerView }) {
  const t = useStaff();
  if (customer.name) return <p className="identity-name">{t.identity.calledAs(customer.name)}</p>;
  // Where no code will do, the risk below says so.
  return (
    needOf(level, customer) === "needsCode" && <p className="muted">{t.identity.nameNeeds(t.customer.needsCode)}</p>
  );
}

/** By what and when, once verified. */
function Proof({ level, customer }: { level: Level; customer: CustomerView | null }) {
  const t = useStaff();
  const language = useLanguage();
  if (!isVerified(level) || !customer?.factor || !customer.verified_at) return null;
  const time = shortTime(customer.verified_at, Date.now(), language);
  return (
    <span data-proof={customer.factor}>
      {t.identity.factors[customer.factor]} · {time}
    </span>
  );
}
