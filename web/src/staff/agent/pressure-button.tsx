// The agent has the impression that somebody tells the caller what to do. It cannot be taken back, so it is asked once more; the caller
// hears nothing of it.

import { useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { notices } from "../shell/notice.ts";

/** The signal on the wire. */
const PRESSURE = "pressure";

export function PressureButton({ contact }: { contact: ContactView }) {
  const t = useStaff();
  const w = useWords();
  const [isAsked, ask] = useState(false);
  if (!contact.leads || !contact.connected_at || contact.customer.risk.includes(PRESSURE)) return null;
  const note = () => {
    ask(false);
    api.suspectPressure(contact.id).catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  };
  return (
    <>
      <Button size="large" icon="warning" onPress={() => ask(true)}>
        {t.pressure.suspect}
      </Button>
      <Dialog title={t.pressure.heading} closeLabel={w.close} isOpen={isAsked} onClose={() => ask(false)}>
        <p>{t.pressure.explained}</p>
        <div className="company-buttons">
          <Button tone="bad" icon="warning" onPress={note}>
            {t.pressure.note}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
