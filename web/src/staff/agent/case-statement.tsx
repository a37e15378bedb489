// What a customer wrote in a form of the help pages: claimed, and shown as that.

import type { Case } from "../../api/types.ts";
import { grouped } from "../../i18n/format.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { Tag } from "../../ui/tag.tsx";

type CaseStatement = NonNullable<Case["statement"]>;

export function CaseStatementPanel({ statement }: { statement: CaseStatement }) {
  const { statement: w } = useCaseWords();
  return (
    <section data-statement>
      <h3>{w.heading}</h3>
      <p>
        <Tag tone="warn" icon="warning" text={w.claimed} />
      </p>
      <dl className="fact-list">
        {statement.number !== null && (
          <>
            <dt>{w.number}</dt>
            <dd className="figures">{statement.number}</dd>
          </>
        )}
        {statement.transaction !== null && (
          <>
            <dt>{w.transaction}</dt>
            <dd className="figures">{grouped(statement.transaction)}</dd>
          </>
        )}
      </dl>
      {statement.hotline && <p>{statement.agent === null ? w.hotline : w.agent(statement.agent)}</p>}
      {statement.text !== "" && (
        <blockquote className="pass-text" lang={statement.language}>
          {statement.text}
        </blockquote>
      )}
    </section>
  );
}
