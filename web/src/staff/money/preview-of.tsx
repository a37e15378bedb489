// What a refund would do, before it is asked for: what goes back where, who has to agree, what is missing, what is left today.

import type { ReactNode } from "react";
import type { OperationPreview } from "../../api/types.ts";
import { grouped } from "../../i18n/format.ts";
import { useRefundWords } from "../../i18n/use-refunds.ts";
import type { RefundMessages } from "../../i18n/zh-CN/refunds.ts";
import { obstacleOf } from "./request.ts";
import { useSum } from "./sum-of.ts";

type Props = { preview: OperationPreview; children: (isPossible: boolean) => ReactNode };

export function PreviewOf({ preview, children }: Props) {
  const t = useRefundWords();
  const sum = useSum();
  const obstacle = obstacleWords(preview, t);
  const missing = missingWords(preview, t);
  return (
    <div className="form" data-preview={preview.transaction} data-possible={obstacle === null}>
      <dl className="fact-list">
        <dt>{t.preview.goesBack}</dt>
        <dd>
          <strong className="figures">{sum(preview.amount)}</strong>
        </dd>
        <dt>{t.preview.where}</dt>
        <dd>{t.preview.source}</dd>
        <dt>{t.preview.transaction}</dt>
        <dd className="figures">{grouped(preview.transaction)}</dd>
        <dt>{t.preview.captured}</dt>
        <dd className="figures">{sum(preview.captured)}</dd>
        <dt>{t.preview.left}</dt>
        <dd className="figures">{sum(preview.left)}</dd>
        <dt>{t.preview.approval}</dt>
        <dd>{preview.needs === null ? t.preview.nobody : t.needs[preview.needs]}</dd>
        <dt>{t.preview.missing}</dt>
        <dd>
          {missing.length === 0 ? (
            t.preview.nothing
          ) : (
            <ul>
              {missing.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
        </dd>
        <dt>{t.preview.customerLeft}</dt>
        <dd className="figures">{sum(preview.customer_left)}</dd>
        <dt>{t.preview.makerLeft}</dt>
        <dd className="figures">{sum(preview.maker_left)}</dd>
      </dl>
      {obstacle !== null && (
        <p role="alert" className="form-problem">
          {t.preview.cannot} {obstacle}
        </p>
      )}
      {children(obstacle === null)}
    </div>
  );
}

function missingWords({ missing }: OperationPreview, t: RefundMessages): string[] {
  const words: Record<string, string> = {
    certificate: t.preview.certificate,
    evidence: t.preview.evidence,
    approval: t.preview.second,
  };
  return missing.map((item) => words[item] ?? item);
}

function obstacleWords(preview: OperationPreview, t: RefundMessages): string | null {
  switch (obstacleOf(preview)) {
    case null:
      return null;
    case "unfit":
      return preview.unfit === null ? null : t.unfit[preview.unfit];
    case "certificate":
      return t.problems["no-certificate"];
    case "currency":
      return t.preview.nobody;
    case "customer":
      return t.preview.overCustomer;
    case "maker":
      return t.preview.overMaker;
  }
}
