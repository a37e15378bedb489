// The middle: the customer of the live contact with timeline, notes and wrap-up; a past contact; or the
// queues and the search for a case.

import type { ContactView } from "../../api/types.ts";
import { duration } from "../../i18n/format.ts";
import { queueName } from "../../i18n/queue-name.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import type { StaffMessages } from "../../i18n/zh-CN/staff.ts";
import { useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";
import { LiveCalls } from "../supervisor/live-calls.tsx";
import { CaseSearch } from "./case-search.tsx";
import { CustomerPanel } from "./customer-panel.tsx";
import type { DeskView } from "./desk-view.ts";
import { IdentityStrip } from "./identity-strip.tsx";
import type { NoteKeeper } from "./note-keeper.ts";
import { Notes } from "./notes.tsx";
import { PastContact } from "./past-contact.tsx";
import type { AltAct } from "./shortcuts.ts";
import { Timeline } from "./timeline.tsx";
import { useKeyLabels } from "./use-shortcuts.ts";
import type { WrapUpControl } from "./use-wrap-up.ts";
import { WrapUpPanel } from "./wrap-up-panel.tsx";

type Props = {
  view: DeskView;
  contact: ContactView | null;
  note: NoteKeeper | null;
  wrapUp: WrapUpControl;
  selected: string | null;
  onClose: () => void;
};

export function Centre({ view, contact, note, wrapUp, selected, onClose }: Props) {
  if (contact) {
    return (
      <>
        <main className="centre">
          <IdentityStrip
            contact={contact.id}
            level={contact.level}
            caller={contact.caller}
            callerId={contact.caller_id}
            wallet={contact.wallet}
            line={contact.line}
            channel={contact.channel}
            service={contact.service ?? null}
            risk={contact.customer.risk}
            customer={contact.customer}
          />
          <CustomerPanel key={contact.id} contact={contact} />
          <Timeline contact={contact.id} isLive={!contact.ended_at} />
        </main>
        {!contact.monitor && (
          <section className="side">
            {note && <Notes key={note.contact} keeper={note} />}
            <WrapUpPanel control={wrapUp} />
          </section>
        )}
      </>
    );
  }
  return (
    <main className="centre">
      {selected === null ? <Idle view={view} /> : <PastContact key={selected} contact={selected} onClose={onClose} />}
    </main>
  );
}

function Idle({ view }: { view: DeskView }) {
  const keys = useKeyLabels();
  const t = useStaff();
  const w = useWords();
  const { snapshot, offset_ms, known, me } = useLive();
  const now = useNow(offset_ms);
  const queues = Object.values(snapshot.queues).sort((a, b) => a.id.localeCompare(b.id));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
    <section className="idle-centre" aria-label={t.queue.heading} tabIndex={0}>
      <h2>{view.mode === "ringing" ? t.ringing.heading : t.idle.heading}</h2>
      <p className="muted">{view.agent || !known ? hintOf(view, keys, t) : w.problems["not-an-agent"]}</p>
      {me?.role === "supervisor" && <LiveCalls />}
      {queues.length > 0 && (
        <table className="queues">
          <caption>{t.queue.heading}</caption>
          <thead>
            <tr>
              <th scope="col">{t.queue.name}</th>
              <th scope="col" className="number">
                {t.queue.count}
              </th>
              <th scope="col" className="number">
                {t.queue.oldest}
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <tr key={queue.id} data-queue={queue.id} data-waits={queue.waiting > 0}>
                <th scope="row">{queueName(queue.id, w)}</th>
                <td className="number">{queue.waiting}</td>
                <td className="number">{queue.oldest_at ? duration(now - Date.parse(queue.oldest_at)) : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <CaseSearch />
    </section>
  );
}

function hintOf(view: DeskView, keys: Record<AltAct, string>, t: StaffMessages): string {
  if (view.mode === "ringing") return t.idle.ringing(keys.answer);
  return view.agent?.state === "ready" ? t.idle.ready(keys.answer) : t.idle.notReady(keys.ready);
}
