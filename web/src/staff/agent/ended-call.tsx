// The phone after the call: it is over, and what remains is the wrap-up.

import type { ContactView } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { CallerNumber } from "./caller.tsx";
import { useKeyLabels } from "./use-shortcuts.ts";
import type { WrapUpControl } from "./use-wrap-up.ts";

export function EndedCall({ contact, wrapUp }: { contact: ContactView; wrapUp: WrapUpControl }) {
  const t = useStaff();
  const keys = useKeyLabels();
  const talked =
    contact.connected_at && contact.ended_at ? Date.parse(contact.ended_at) - Date.parse(contact.connected_at) : 0;
  return (
    <section className="card ended-call" aria-labelledby="ended-title">
      <header className="card-head">
        <h2 id="ended-title">
          <Icon name="hangUp" />
          {t.call.ended}
        </h2>
      </header>
      <p className="timer">{duration(talked)}</p>
      <p className="call-who">
        <CallerNumber caller={contact.caller} />
      </p>
      <Button icon="note" keys={keys.wrap_up} onPress={wrapUp.openAndFocus}>
        {t.wrapUp.heading}
      </Button>
    </section>
  );
}
