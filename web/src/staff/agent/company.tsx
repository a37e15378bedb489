// The agents on a call besides oneself, whoever is asked in, and whoever did not come; with what can be done about them. What it
// says is what each hears: nobody is on a call unseen.

import type { ContactView } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import type { Verbs } from "./use-verbs.ts";

export function Company({ contact, verbs }: { contact: ContactView; verbs: Verbs }) {
  const t = useStaff();
  const { parties, asked, not_come, leads, held_at } = contact;
  const speaking = parties.filter((party) => party.part === "speaks");
  const watching = parties.filter((party) => party.part !== "speaks");
  const together = speaking.map((party) => t.agentNumber(party.number)).join(t.listSeparator);
  if (parties.length === 0 && !asked && !not_come) return null;
  return (
    <div className="company" data-parties={parties.length}>
      {watching.map((party) => (
        <p key={party.agent} className="company-watched" role="status">
          <Icon name="people" size={16} />
          {t.supervisor.parts[party.part](party.number)}
        </p>
      ))}
      {speaking.length > 0 && (
        <p>
          <Icon name="people" size={16} />
          {held_at ? t.transfer.withoutCustomer(together) : t.transfer.withCustomer(together)}
        </p>
      )}
      {asked && (
        <p role="status">
          <Icon name="bell" size={16} />
          {asked.mode === "blind" ? t.transfer.handing(asked.number) : t.transfer.asking(asked.number)}
        </p>
      )}
      {not_come && (
        <p className="company-missed" role="status">
          <Icon name="warning" size={16} />
          {t.transfer.notCome[not_come.why](not_come.number)}
        </p>
      )}
      {leads && (asked || speaking.length > 0) && (
        <div className="company-buttons">
          {speaking.length > 0 && (
            <Button tone="accent" icon="leave" onPress={verbs.leave}>
              {held_at ? t.transfer.complete : t.transfer.leave}
            </Button>
          )}
          {speaking.length > 0 && held_at && (
            <Button icon="people" onPress={verbs.toggleHold}>
              {t.transfer.join}
            </Button>
          )}
          <Button onPress={verbs.takeBack}>{asked ? t.transfer.callOff : t.transfer.takeBack}</Button>
        </div>
      )}
    </div>
  );
}
