// Who is on a call besides oneself and the customer, whoever is asked in, and whoever did not come; with what can be done about them.
// What it says is what each hears: nobody is on a call unseen.

import type { ContactView, Language } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { useLanguage } from "../../i18n/language.ts";
import { outsideName } from "../../i18n/outside-name.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import type { StaffMessages } from "../../i18n/zh-CN/staff.ts";
import { Button } from "../../ui/button.tsx";
import type { Verbs } from "./use-verbs.ts";

export function Company({ contact, verbs }: { contact: ContactView; verbs: Verbs }) {
  const t = useStaff();
  const language = useLanguage();
  const { parties, outside, asked, not_come, leads, held_at } = contact;
  const speaking = parties.filter((party) => party.part === "speaks");
  const watching = parties.filter((party) => party.part !== "speaks");
  const far = outside ? [t.transfer.outsideParty(outsideName(outside, language))] : [];
  const others = [...speaking.map((party) => t.agentNumber(party.number)), ...far];
  const together = others.join(t.listSeparator);
  if (parties.length === 0 && !outside && !asked && !not_come) return null;
  return (
    <div className="company" data-parties={parties.length}>
      {watching.map((party) => (
        <p key={party.agent} className="company-watched" role="status">
          <Icon name="people" size={16} />
          {t.supervisor.parts[party.part](party.number)}
        </p>
      ))}
      {others.length > 0 && (
        <p>
          <Icon name="people" size={16} />
          {held_at ? t.transfer.withoutCustomer(together) : t.transfer.withCustomer(together)}
        </p>
      )}
      {asked && (
        <p role="status">
          <Icon name="bell" size={16} />
          {askedWords(asked, language, t)}
        </p>
      )}
      {not_come && (
        <p className="company-missed" role="status">
          <Icon name="warning" size={16} />
          {notComeWords(not_come, language, t)}
        </p>
      )}
      {leads && (asked || others.length > 0) && (
        <div className="company-buttons">
          {others.length > 0 && (
            <Button tone="accent" icon="leave" onPress={verbs.leave}>
              {held_at ? t.transfer.complete : t.transfer.leave}
            </Button>
          )}
          {others.length > 0 && held_at && (
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

function askedWords(asked: NonNullable<ContactView["asked"]>, language: Language, t: StaffMessages): string {
  if (asked.outside) {
    const name = outsideName(asked.outside, language);
    if (asked.told) return t.transfer.told(name);
    return asked.rings ? t.transfer.ringing(name) : t.transfer.calling(name);
  }
  return asked.mode === "blind" ? t.transfer.handing(asked.number) : t.transfer.asking(asked.number);
}

function notComeWords(gone: NonNullable<ContactView["not_come"]>, language: Language, t: StaffMessages): string {
  const { why } = gone;
  const ofAgent = t.transfer.notCome;
  const ofOutside = t.transfer.outsideNotCome;
  if (gone.outside && why in ofOutside) {
    return ofOutside[why as keyof typeof ofOutside](outsideName(gone.outside, language));
  }
  return why in ofAgent ? ofAgent[why as keyof typeof ofAgent](gone.number) : "";
}
