// The reference of a contact's case, as it was read to the caller, with the case itself one press away.

import { useState } from "react";
import { grouped } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { CaseDetails } from "./case-details.tsx";

export function CaseReference({ reference }: { reference: string }) {
  const t = useStaff();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="case-reference">
      <p className="operation-head">
        <strong className="figures">{grouped(reference)}</strong>
        <button
          type="button"
          className="button button-quiet button-small"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? t.cases.hide : t.cases.show} ${grouped(reference)}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? t.cases.hide : t.cases.show}
        </button>
      </p>
      {isOpen && <CaseDetails reference={reference} />}
    </div>
  );
}
