// The checker's queue: refunds that wait for a second person, those that the wallet cannot account for, and those on their way, with one
// view of all that is known of each. Nothing is optimistic: after every act the server is asked again.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { operationApi } from "../../api/client.ts";
import type { Me, Operation } from "../../api/types.ts";
import { duration, grouped } from "../../i18n/format.ts";
import { useRefundWords } from "../../i18n/use-refunds.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Mark } from "../shell/front-page.tsx";
import { LanguageSwitch, ThemeSwitch } from "../shell/switches.tsx";
import { useNow } from "../shell/use-now.ts";
import { ApprovalView } from "./approval-view.tsx";
import { type Group, groupOf } from "./choices.ts";
import "./money.css";
import { RefundTag } from "./refund-tag.tsx";
import { useSum } from "./sum-of.ts";

const QUEUE_KEY = ["refunds-open"];

/** How often the queue is fetched again, milliseconds. */
const REFRESH_MS = 5_000;

const GROUPS: Group[] = ["decide", "resolve", "running"];

/** Who decides on refunds; the server holds to the same. */
export function decidesOnRefunds(role: Me["role"]): boolean {
  return role === "checker" || role === "supervisor";
}

export function ApprovalsPage({ me }: { me: Me }) {
  const t = useRefundWords();
  const w = useWords();
  useEffect(() => {
    document.title = `${t.page.title} · ${w.product}`;
  }, [t, w]);
  return (
    <div className="directory approvals">
      <header className="directory-top">
        <h1>
          <Mark /> {t.page.title}
        </h1>
        <a href="/desk">{t.page.toDesk}</a>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>{decidesOnRefunds(me.role) ? <Queue me={me} /> : <p>{t.page.notYours}</p>}</main>
    </div>
  );
}

function Queue({ me }: { me: Me }) {
  const t = useRefundWords();
  const queries = useQueryClient();
  const [selected, setSelected] = useState<string | null>(null);
  const open = useQuery({ queryKey: QUEUE_KEY, queryFn: operationApi.open, refetchInterval: REFRESH_MS });
  if (open.isPending) return <p aria-busy="true">{t.page.title}</p>;
  if (open.data === undefined) {
    return (
      <p role="alert">
        {t.page.failed} <Button onPress={() => void open.refetch()}>{t.page.retry}</Button>
      </p>
    );
  }
  const refunds = open.data;
  const waiting = refunds.filter((refund) => groupOf(refund) !== "running").length;
  return (
    <>
      {open.isError && <p role="alert">{t.page.failed}</p>}
      <p className="muted">{t.page.fourEyes}</p>
      <p data-waiting={waiting}>{refunds.length === 0 ? t.page.none : t.page.waiting(waiting)}</p>
      {GROUPS.map((group) => (
        <Part
          key={group}
          group={group}
          refunds={refunds.filter((refund) => groupOf(refund) === group)}
          selected={selected}
          onSelect={setSelected}
        />
      ))}
      {selected === null ? (
        refunds.length > 0 && <p className="muted">{t.page.choose}</p>
      ) : (
        <ApprovalView
          key={selected}
          id={selected}
          me={me}
          onActed={() => queries.invalidateQueries({ queryKey: QUEUE_KEY })}
        />
      )}
    </>
  );
}

type PartProps = { group: Group; refunds: Operation[]; selected: string | null; onSelect: (id: string) => void };

function Part({ group, refunds, selected, onSelect }: PartProps) {
  const t = useRefundWords();
  const sum = useSum();
  const now = useNow(0);
  if (refunds.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className="approvals-part" aria-label={t.page.groups[group]} tabIndex={0} data-group={group}>
      <table>
        <caption>{t.page.groups[group]}</caption>
        <thead>
          <tr>
            <th scope="col">{t.page.reference}</th>
            <th scope="col">{t.page.age}</th>
            <th scope="col">{t.page.sum}</th>
            <th scope="col">{t.page.wallet}</th>
            <th scope="col">{t.page.maker}</th>
            <th scope="col">{t.page.needs}</th>
            <th scope="col">{t.page.state}</th>
          </tr>
        </thead>
        <tbody>
          {refunds.map((refund) => (
            <tr key={refund.id} data-selected={refund.id === selected} data-refund={refund.reference}>
              <th scope="row">
                <button
                  type="button"
                  className="approvals-open figures"
                  aria-pressed={refund.id === selected}
                  aria-label={t.page.open(grouped(refund.reference))}
                  onClick={() => onSelect(refund.id)}
                >
                  {grouped(refund.reference)}
                </button>
              </th>
              <td className="figures">{duration(now - Date.parse(refund.asked_at))}</td>
              <td className="figures">{sum(refund.amount)}</td>
              <td>{refund.wallet}</td>
              <td className="figures">{refund.maker ?? t.view.byCustomer}</td>
              <td>{refund.needs === null ? "–" : t.needs[refund.needs]}</td>
              <td>
                <RefundTag refund={refund} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
