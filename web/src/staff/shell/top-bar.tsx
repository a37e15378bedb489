// The strip that is always there: the agent's state, who waits, whether desk and microphone work, and the choices of
// the reader.

import { useSyncExternalStore } from "react";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useClocksPageWords } from "../../i18n/use-clocks-page.ts";
import { useContactsWords } from "../../i18n/use-contacts.ts";
import { useDirectoryWords } from "../../i18n/use-directory.ts";
import { useLookUpWords } from "../../i18n/use-look-ups.ts";
import { useMembersWords } from "../../i18n/use-members.ts";
import { useRefundWords } from "../../i18n/use-refunds.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button, Toggle } from "../../ui/button.tsx";
import { readsDirectory } from "../admin/directory-page.tsx";
import { readsStaff } from "../admin/staff-page.tsx";
import type { DeskView } from "../agent/desk-view.ts";
import { decidesOnRefunds } from "../money/approvals-page.tsx";
import { seesClocks } from "../supervisor/clocks-page.tsx";
import { findsContacts } from "../supervisor/contacts-page.tsx";
import { seesLookUps } from "../supervisor/look-ups-page.tsx";
import { ringer } from "./calls.ts";
import { ConnectionChip, MicrophoneChip } from "./chips.tsx";
import { Mark } from "./front-page.tsx";
import { PresenceMenu } from "./presence-menu.tsx";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";
import { useLive } from "./use-live.ts";
import { useNow } from "./use-now.ts";

export function TopBar({ view, onHelp }: { view: DeskView; onHelp: () => void }) {
  const t = useStaff();
  const w = useWords();
  const contacts = useContactsWords();
  const directory = useDirectoryWords();
  const lookUps = useLookUpWords();
  const clocks = useClocksPageWords();
  const members = useMembersWords();
  const refunds = useRefundWords();
  const { me } = useLive();
  const isSilenced = useSyncExternalStore(ringer.subscribe, ringer.isSilenced);
  return (
    <header className="top-bar">
      <h1 className="brand">
        <Mark />
        <span>
          {w.product} <span className="muted">{t.title}</span>
        </span>
      </h1>
      <PresenceMenu view={view} />
      <QueueSummary />
      <div className="top-bar-end">
        {me && readsDirectory(me.role) && <a href="/admin/directory">{directory.title}</a>}
        {me && decidesOnRefunds(me.role) && <a href="/supervisor/approvals">{refunds.page.title}</a>}
        {me && findsContacts(me.role) && <a href="/supervisor/contacts">{contacts.title}</a>}
        <ConnectionChip />
        <MicrophoneChip />
        <Toggle
          icon={isSilenced ? "bellOff" : "bell"}
          label={isSilenced ? t.ringer.off : t.ringer.on}
          isSelected={isSilenced}
          onChange={(silenced) => ringer.silence(silenced)}
        />
        <Button icon="keyboard" label={t.settings.keys} keys="?" onPress={onHelp} />
        <LanguageSwitch />
        <ThemeSwitch />
        {me && seesClocks(me.role) && <a href="/supervisor/clocks">{clocks.title}</a>}
        {me && seesLookUps(me.role) && <a href="/supervisor/look-ups">{lookUps.title}</a>}
        {me && readsStaff(me.role) && <a href="/admin/staff">{members.title}</a>}
        {me && (
          <a className="agent-number" href="/desk/security">
            {t.agentNumber(me.number)}
          </a>
        )}
      </div>
    </header>
  );
}

function QueueSummary() {
  const t = useStaff();
  const { snapshot, offset_ms } = useLive();
  const now = useNow(offset_ms);
  const queues = Object.values(snapshot.queues);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const oldest = queues.flatMap((queue) => (queue.oldest_at ? [Date.parse(queue.oldest_at)] : []));
  return (
    <p className="queue-summary" data-waiting={waiting}>
      <Icon name="people" />
      <strong>{t.queue.waiting(waiting)}</strong>
      {oldest.length > 0 && <span className="muted">{t.queue.longest(duration(now - Math.min(...oldest)))}</span>}
    </p>
  );
}
