// The left side: the phone. Idle with recent contacts, ringing, in a call, or waiting for the wrap-up.

import { useSyncExternalStore } from "react";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { notices } from "../shell/notice.ts";
import { Monitoring } from "../supervisor/monitoring.tsx";
import { ActiveCall } from "./active-call.tsx";
import type { DeskView } from "./desk-view.ts";
import { EndedCall } from "./ended-call.tsx";
import { IdlePhone } from "./idle-phone.tsx";
import { RingingCard } from "./ringing-card.tsx";
import type { Verbs } from "./use-verbs.ts";
import type { WrapUpControl } from "./use-wrap-up.ts";

type Props = {
  view: DeskView;
  verbs: Verbs;
  wrapUp: WrapUpControl;
  selected: string | null;
  onSelect: (contact: string | null) => void;
  /** None when the call cannot be handed on now. */
  onTransfer?: () => void;
  onVerify?: () => void;
};

export function PhonePanel({ view, verbs, wrapUp, selected, onSelect, onTransfer, onVerify }: Props) {
  const t = useStaff();
  const part = view.contact?.monitor;
  const listening = part && part !== "speaks" ? part : null;
  return (
    <section id="phone" className="phone" aria-label={t.phone.region} tabIndex={-1}>
      <NoticeLine />
      {view.mode === "ringing" && view.offer && <RingingCard offer={view.offer} agent={view.agent} verbs={verbs} />}
      {view.mode === "call" && listening && view.contact && <Monitoring contact={view.contact} part={listening} />}
      {view.mode === "call" && !listening && (
        <ActiveCall
          view={view}
          verbs={verbs}
          {...(onTransfer ? { onTransfer } : {})}
          {...(onVerify ? { onVerify } : {})}
        />
      )}
      {view.mode === "wrap_up" && view.contact && <EndedCall contact={view.contact} wrapUp={wrapUp} />}
      {view.mode === "idle" && <IdlePhone agent={view.agent} selected={selected} onSelect={onSelect} />}
    </section>
  );
}

function NoticeLine() {
  const w = useWords();
  const notice = useSyncExternalStore(notices.subscribe, notices.current);
  if (notice === null) return null;
  return (
    <div className={`notice notice-${notice.tone}`}>
      <p>{notice.text}</p>
      <Button tone="quiet" onPress={() => notices.clear()}>
        {w.close}
      </Button>
    </div>
  );
}
