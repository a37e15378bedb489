// An incoming call: what the menu learned, how far the caller is verified, how long the caller has waited, and how long the offer still stands.

import { Fragment, useRef } from "react";
import type { AgentView, OfferView } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { LANGUAGE_NAMES } from "../../i18n/language.ts";
import { queueName } from "../../i18n/queue-name.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useCall, useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";
import { CallerNumber, LevelMark } from "./caller.tsx";
import { CountdownBar } from "./countdown-bar.tsx";
import { OperationTag } from "./operations.tsx";
import { FindingTag } from "./transaction-card.tsx";
import { useKeyLabels } from "./use-shortcuts.ts";
import type { Verbs } from "./use-verbs.ts";

export function RingingCard({ offer, agent, verbs }: { offer: OfferView; agent: AgentView | null; verbs: Verbs }) {
  const t = useStaff();
  const w = useWords();
  const keys = useKeyLabels();
  const call = useCall();
  const { offset_ms } = useLive();
  const now = useNow(offset_ms);
  const { contact } = offer;
  const { customer } = contact;
  const isAnswering = call.call !== "idle";
  return (
    <section className="card ringing" aria-labelledby="ringing-title" data-offer={offer.id}>
      <header className="card-head">
        <h2 id="ringing-title">
          <Icon name="bell" />
          {offer.asked_by ? t.transfer.from(offer.asked_by.number) : t.ringing.heading}
        </h2>
        {contact.priority >= URGENT && <span className="tag tag-bad">{t.ringing.priority(contact.priority)}</span>}
      </header>
      {offer.asked_by?.mode === "attended" && <p className="muted">{t.transfer.consultBy(offer.asked_by.number)}</p>}
      <p className="ringing-service">
        {contact.service ? w.services[contact.service] : t.ringing.noService}
        {contact.language && <span className="tag">{LANGUAGE_NAMES[contact.language]}</span>}
      </p>
      <dl className="facts">
        <dt>{t.ringing.caller}</dt>
        <dd>
          <CallerNumber caller={contact.caller} /> <LevelMark level={contact.level} />
          {customer.risk.map((signal) => (
            <Tag
              key={signal}
              tone="warn"
              icon="warning"
              text={t.identity.riskTags[signal] ?? t.identity.otherRisk(signal)}
            />
          ))}
        </dd>
        {contact.pass && (
          <>
            <dt>{t.pass.heading}</dt>
            <dd data-pass={contact.pass.topic}>{t.pass.topics[contact.pass.topic]}</dd>
          </>
        )}
        {customer.transaction && (
          <>
            <dt>{t.transaction.short}</dt>
            <dd>
              <FindingTag transaction={customer.transaction} />
            </dd>
          </>
        )}
        {customer.operations.map((operation) => (
          <Fragment key={operation.id}>
            <dt>{t.freeze.short}</dt>
            <dd>
              <OperationTag operation={operation} isBrief />
            </dd>
          </Fragment>
        ))}
        <dt>{t.ringing.queue}</dt>
        <dd>{queueName(contact.queue, w)}</dd>
        <dt>{t.ringing.waited}</dt>
        <dd className="figures">{duration(now - Date.parse(contact.queued_at))}</dd>
      </dl>
      <Countdown expires_at={offer.expires_at} now={now} />
      {isAnswering ? (
        <p className="answering" role="status">
          {t.call.states[call.call]}
        </p>
      ) : (
        <div className="call-buttons">
          <Button tone="ok" size="large" icon="phone" keys={keys.answer} onPress={verbs.answer}>
            {t.ringing.answer}
          </Button>
          <Button size="large" onPress={verbs.decline}>
            {t.ringing.decline}
          </Button>
        </div>
      )}
      {agent?.phone && <p className="muted small">{t.ringing.onPhone}</p>}
    </section>
  );
}

/** From this priority on the card says so: the queue put the caller in front. */
const URGENT = 8;

function Countdown({ expires_at, now }: { expires_at: string; now: number }) {
  const t = useStaff();
  const left_ms = Math.max(0, Date.parse(expires_at) - now);
  // The offer's whole length is not told; the bar is full at what was left when the card came.
  const whole_ms = useRef(Math.max(left_ms, 1));
  return <CountdownBar text={t.ringing.remaining(Math.ceil(left_ms / 1000))} share={left_ms / whole_ms.current} />;
}
