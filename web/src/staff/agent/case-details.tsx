// One case, fetched by its reference: what it is about, how it stands, what was done at the wallet. It is fetched again
// while an act in it is still open.

import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { api } from "../../api/client.ts";
import { Problem, slugOfError } from "../../api/problem.ts";
import type { Case, ContactView } from "../../api/types.ts";
import { grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { RefundsOfCase } from "../money/refund-card.tsx";
import { CaseClocks } from "./case-clocks.tsx";
import { CaseCreditPanel } from "./case-credit.tsx";
import { CaseEvidence } from "./case-evidence.tsx";
import { CaseStatementPanel } from "./case-statement.tsx";
import { isOver } from "./operation-signs.ts";
import { OperationTag } from "./operations.tsx";

/** How often a case is fetched while the wallet has not answered, milliseconds. */
const REFRESH_MS = 4_000;

export function CaseDetails({ reference, contact = null }: { reference: string; contact?: ContactView | null }) {
  const t = useStaff();
  const w = useWords();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["case", reference],
    queryFn: () => api.case(reference),
    retry: (failures, problem) => failures < 1 && !(problem instanceof Problem && problem.status === 404),
    refetchInterval: ({ state }) =>
      state.data?.operations.some((operation) => !isOver(operation.state)) ? REFRESH_MS : false,
  });
  if (isPending) return <p className="muted">{t.cases.loading}</p>;
  if (data === undefined) {
    const slug = slugOfError(error);
    if (slug === "not-found") return <p className="form-problem">{t.cases.notFound}</p>;
    return (
      <p className="form-problem">
        {w.problems[slug]} <Button onPress={() => void refetch()}>{w.retry}</Button>
      </p>
    );
  }
  return (
    <>
      <Found found={data} />
      {data.kind === "refund" && <RefundsOfCase reference={reference} contact={contact} />}
    </>
  );
}

function Found({ found }: { found: Case }) {
  const t = useStaff();
  const c = useCaseWords();
  const language = useLanguage();
  const time = (at: string) => <time dateTime={at}>{shortTime(at, Date.now(), language)}</time>;
  return (
    <>
      <dl className="fact-list" data-case={found.reference}>
        <dt>{t.cases.kind}</dt>
        <dd>{t.cases.kinds[found.kind]}</dd>
        <dt>{t.cases.state}</dt>
        <dd data-case-state={found.state}>
          <Tag
            tone={found.state === "open" ? "warn" : "quiet"}
            icon={found.state === "open" ? "clock" : "check"}
            text={t.cases.states[found.state]}
          />
        </dd>
        <dt>{t.cases.wallet}</dt>
        <dd>{found.wallet}</dd>
        {found.transaction !== null && (
          <>
            <dt>{t.cases.transaction}</dt>
            <dd className="figures">{grouped(found.transaction)}</dd>
          </>
        )}
        {found.grounds !== null && (
          <>
            <dt>{c.grounds}</dt>
            <dd>{c.report.about[found.grounds]}</dd>
          </>
        )}
        <dt>{t.cases.opened}</dt>
        <dd>{time(found.opened_at)}</dd>
        {found.closed_at !== null && (
          <>
            <dt>{t.cases.closed}</dt>
            <dd>{time(found.closed_at)}</dd>
          </>
        )}
        <dt>{t.cases.contacts}</dt>
        <dd className="figures">{found.contacts.length}</dd>
        {found.operations.map((operation) => (
          <Fragment key={operation.id}>
            <dt>{t.timeline.acts[operation.act] ?? operation.act}</dt>
            <dd>
              <OperationTag operation={operation} />
            </dd>
          </Fragment>
        ))}
      </dl>
      {found.statement !== null && <CaseStatementPanel statement={found.statement} />}
      <CaseEvidence reference={found.reference} uploads={found.uploads} open={found.state === "open"} />
      <CaseClocks reference={found.reference} clocks={found.clocks} />
      <CaseCreditPanel found={found} />
    </>
  );
}
