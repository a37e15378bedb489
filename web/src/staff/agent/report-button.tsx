// The customer tells of something that becomes a case: a payment they did not make, one that went wrong, a complaint. The agent chooses what
// it is, and writes the payment's number down where the customer names one.

import { useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView, ReportAbout } from "../../api/types.ts";
import { useCaseWords } from "../../i18n/use-cases.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { notices } from "../shell/notice.ts";

/** In the order of how urgent they are. */
const ABOUT: ReportAbout[] = ["unauthorised", "wrong_payee", "wrong_amount", "duplicate", "not_received", "complaint"];

/** Room for twelve digits in groups. */
const TEXT_MAX = 20;

export function ReportButton({ contact }: { contact: ContactView }) {
  const t = useCaseWords();
  const w = useWords();
  const [isAsked, ask] = useState(false);
  const [transaction, setTransaction] = useState("");
  if (!contact.leads || !contact.connected_at) return null;
  const report = (about: ReportAbout) => {
    ask(false);
    api
      .reportCase(contact.id, about, transaction.trim() === "" ? null : transaction)
      .then(() => {
        setTransaction("");
        notices.tell(t.report.done);
      })
      .catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  };
  return (
    <>
      <Button size="large" icon="folder" onPress={() => ask(true)}>
        {t.report.open}
      </Button>
      <Dialog title={t.report.heading} closeLabel={w.close} isOpen={isAsked} onClose={() => ask(false)}>
        <p>{t.report.explained}</p>
        <TextField
          label={t.report.transaction}
          hint={t.report.hint}
          value={transaction}
          onChange={setTransaction}
          maxLength={TEXT_MAX}
          inputMode="numeric"
          autoComplete="off"
        />
        <div className="company-buttons">
          {ABOUT.map((about) => (
            <Button
              key={about}
              {...(about === "unauthorised" ? { tone: "bad" as const } : {})}
              onPress={() => report(about)}
            >
              {t.report.about[about]}
            </Button>
          ))}
        </div>
      </Dialog>
    </>
  );
}
