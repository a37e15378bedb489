// One refund with all that somebody who decides on it has to see, and the decision itself. Reading it goes on record, so it is read when it
// is opened and after each act, and while the wallet works on it.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { operationApi } from "../../api/client.ts";
import type { Me, Operation } from "../../api/types.ts";
import { grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useRefundProblem, useRefundWords } from "../../i18n/use-refunds.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { DecisionForm } from "./decision-form.tsx";
import { RefundTag } from "./refund-tag.tsx";
import { paceOf } from "./signs.ts";
import { useSum } from "./sum-of.ts";

/** How often a refund is read again while it moves by itself, milliseconds. */
const REFRESH_MS = 2_000;

type Props = { id: string; me: Me; onActed: () => Promise<void> };

export function ApprovalView({ id, me, onActed }: Props) {
  const t = useRefundWords();
  const told = useRefundProblem();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["refund", id],
    queryFn: () => operationApi.read(id),
    refetchInterval: ({ state }) => (state.data && paceOf(state.data.state) === "moves" ? REFRESH_MS : false),
  });
  if (isPending) return <p aria-busy="true">{t.page.title}</p>;
  if (data === undefined) {
    return (
      <p role="alert" className="form-problem">
        {told(error)} <Button onPress={() => void refetch()}>{t.page.retry}</Button>
      </p>
    );
  }
  const acted = async () => {
    await Promise.all([refetch(), onActed()]);
  };
  return <Whole refund={data} me={me} onActed={acted} />;
}

function Whole({ refund, me, onActed }: { refund: Operation; me: Me; onActed: () => Promise<void> }) {
  const t = useRefundWords();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever opened it from the list with the keyboard goes on reading here.
  useEffect(() => heading.current?.focus(), []);
  return (
    <article className="approval" data-approval={refund.reference} aria-labelledby="approval-title">
      <h2 id="approval-title" ref={heading} tabIndex={-1}>
        {t.view.heading(grouped(refund.reference))}
      </h2>
      <p role="status">
        <RefundTag refund={refund} />
      </p>
      <div className="approval-facts">
        <Request refund={refund} me={me} />
        <Shown refund={refund} />
        <Money refund={refund} />
      </div>
      <History refund={refund} />
      <DecisionForm refund={refund} me={me} onActed={onActed} />
    </article>
  );
}

function useTime(): (at: string) => string {
  const language = useLanguage();
  return (at) => shortTime(at, Date.now(), language);
}

function Request({ refund, me }: { refund: Operation; me: Me }) {
  const t = useRefundWords();
  const sum = useSum();
  const time = useTime();
  return (
    <section className="fact-card" aria-labelledby="approval-request">
      <h3 id="approval-request">{t.view.request}</h3>
      <dl className="fact-list">
        <dt>{t.view.amount}</dt>
        <dd>
          <strong className="figures">{sum(refund.amount)}</strong>
        </dd>
        <dt>{t.view.reason}</dt>
        <dd>{refund.reason}</dd>
        <dt>{t.view.maker}</dt>
        <dd>
          {t.view.number(refund.maker)} {refund.maker === me.number && t.view.you}
        </dd>
        <dt>{t.view.asked}</dt>
        <dd>{time(refund.asked_at)}</dd>
        <dt>{t.view.decideBy}</dt>
        <dd>{time(refund.decide_by)}</dd>
        <dt>{t.view.needs}</dt>
        <dd>{refund.needs === null ? "–" : t.needs[refund.needs]}</dd>
      </dl>
    </section>
  );
}

function Shown({ refund }: { refund: Operation }) {
  const t = useRefundWords();
  const staff = useStaff();
  const time = useTime();
  const { evidence } = refund;
  return (
    <section className="fact-card" aria-labelledby="approval-evidence" data-evidence={evidence !== null}>
      <h3 id="approval-evidence">{t.view.evidence}</h3>
      {evidence === null ? (
        <p className="form-problem">{t.view.noEvidence}</p>
      ) : (
        <p>
          {evidence.level} · {t.view.evidenceOf(String(evidence.factors), time(evidence.at))}
        </p>
      )}
      <dl className="fact-list">
        <dt>{t.view.level}</dt>
        <dd>
          {refund.level} · {staff.identity.levels[refund.level]}
        </dd>
        <dt>{t.view.contact}</dt>
        <dd>
          <code>{evidence?.contact ?? refund.contact}</code>
        </dd>
      </dl>
    </section>
  );
}

function Money({ refund }: { refund: Operation }) {
  const t = useRefundWords();
  const sum = useSum();
  const time = useTime();
  return (
    <section className="fact-card" aria-labelledby="approval-money">
      <h3 id="approval-money">{t.view.transaction}</h3>
      <dl className="fact-list">
        <dt>{t.view.transaction}</dt>
        <dd className="figures">{grouped(refund.transaction)}</dd>
        <dt>{t.view.wallet}</dt>
        <dd>{refund.wallet}</dd>
        <dt>{t.view.captured}</dt>
        <dd className="figures">{sum(refund.captured)}</dd>
        <dt>{t.view.left}</dt>
        <dd className="figures">{sum(refund.left)}</dd>
        <dt>{t.view.backTo}</dt>
        <dd>{t.view.source}</dd>
        <dt>{t.view.customerLeft}</dt>
        <dd className="figures">{sum(refund.customer_left)}</dd>
        <dt>{t.view.makerLeft}</dt>
        <dd className="figures">{sum(refund.maker_left)}</dd>
        <dt>{t.view.correlation}</dt>
        <dd>
          <code>{refund.correlation_id}</code>
        </dd>
        {refund.wallet_reference !== null && (
          <>
            <dt>{t.view.walletReference}</dt>
            <dd>
              <code>{refund.wallet_reference}</code>
            </dd>
          </>
        )}
        {refund.doubtful_since !== null && (
          <>
            <dt>{t.view.doubtfulSince}</dt>
            <dd>{time(refund.doubtful_since)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function History({ refund }: { refund: Operation }) {
  const t = useRefundWords();
  const time = useTime();
  return (
    <section className="fact-card" aria-labelledby="approval-history">
      <h3 id="approval-history">{t.view.history}</h3>
      {refund.decisions.length === 0 && <p className="muted">{t.view.nothing}</p>}
      <ol className="steps">
        {refund.decisions.map((decision) => (
          <li key={`${decision.at} ${decision.verdict}`} data-verdict={decision.verdict}>
            <time dateTime={decision.at}>{time(decision.at)}</time>
            <span>
              {t.verdicts[decision.verdict]} · {decision.by === null ? t.view.byRule : t.view.number(decision.by)}
              {decision.reason !== null && ` · ${decision.reason}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
