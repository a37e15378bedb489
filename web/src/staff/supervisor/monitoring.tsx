// A call that a supervisor listens to: who hears whom in plain words, the ways to be heard, and the way out.

import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { CallPart, ContactView, MonitorMode } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button, Toggle } from "../../ui/button.tsx";
import { LevelStrip } from "../agent/level-strip.tsx";
import { announce } from "../shell/announce.ts";
import { notices } from "../shell/notice.ts";
import { useCall, useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";

type Listening = Exclude<CallPart, "speaks">;

const MODES: [Listening, MonitorMode][] = [
  ["listens", "listen"],
  ["whispers", "whisper"],
  ["barges", "barge"],
];

export function Monitoring({ contact, part }: { contact: ContactView; part: Listening }) {
  const t = useStaff();
  const w = useWords();
  const call = useCall();
  const { offset_ms } = useLive();
  const now = useNow(offset_ms);
  const complain = (error: unknown) => notices.complain(w.problems[slugOfError(error)]);
  const change = (next: Listening, mode: MonitorMode) => {
    api.monitor(contact.id, mode).then(() => announce(t.supervisor.heard[next]), complain);
  };
  const agents = contact.parties.filter((party) => party.part === "speaks").map((party) => t.agentNumber(party.number));
  return (
    <section className="card active-call monitoring" aria-labelledby="call-title" data-monitor={part}>
      <header className="card-head">
        <h2 id="call-title">
          <Icon name="people" />
          {t.supervisor.listening}
        </h2>
      </header>
      <p className="timer" role="timer">
        {duration(contact.connected_at ? now - Date.parse(contact.connected_at) : 0)}
      </p>
      <p>
        {contact.held_at
          ? t.supervisor.hearsAgents(agents.join(t.listSeparator))
          : t.supervisor.hearsAll(agents.join(t.listSeparator))}
      </p>
      <p className="monitoring-heard" data-part={part}>
        <Icon name={part === "listens" ? "microphoneOff" : "microphone"} size={16} />
        {t.supervisor.heard[part]}
      </p>
      {call.call !== "talking" && <p className="muted">{t.call.states[call.call]}</p>}
      <LevelStrip isMuted={part === "listens"} />
      <div className="monitoring-modes">
        {MODES.map(([each, mode]) => (
          <Toggle key={each} isSelected={part === each} onChange={() => change(each, mode)}>
            {t.supervisor.modes[each]}
          </Toggle>
        ))}
      </div>
      <div className="call-buttons">
        <Button size="large" icon="phone" onPress={() => void api.takeOver(contact.id).catch(complain)}>
          {t.supervisor.takeOver}
        </Button>
        <Button
          tone="bad"
          size="large"
          icon="leave"
          onPress={() => void api.stopMonitoring(contact.id).catch(complain)}
        >
          {t.supervisor.stop}
        </Button>
      </div>
    </section>
  );
}
