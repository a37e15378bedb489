// The agent's state with the time in it, and the ways out of it. In a call the state is the call's, and cannot be chosen.

import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { NotReadyReason, PresenceState } from "../../api/types.ts";
import { Icon, type IconName } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { type Choice, Menu } from "../../ui/menu.tsx";
import type { DeskView } from "../agent/desk-view.ts";
import { notices } from "./notice.ts";
import { useLeave } from "./session.ts";
import { useLive } from "./use-live.ts";
import { useNow } from "./use-now.ts";

const REASONS: NotReadyReason[] = ["break", "meal", "training", "meeting", "coaching"];

const ICONS: Record<PresenceState, IconName> = {
  logged_out: "leave",
  not_ready: "pause",
  ready: "check",
  ringing: "bell",
  talking: "phone",
  hold: "pause",
  wrap_up: "note",
  not_responding: "warning",
};

export function PresenceMenu({ view }: { view: DeskView }) {
  const t = useStaff();
  const w = useWords();
  const leave = useLeave();
  const { offset_ms } = useLive();
  const now = useNow(offset_ms);
  const { agent, mode } = view;
  const state = agent?.state ?? "logged_out";
  const reason = state === "not_ready" ? agent?.reason : undefined;
  const name = reason ? `${t.presence.states[state]} · ${t.presence.reasons[reason]}` : t.presence.states[state];
  const isFixed = mode !== "idle";
  const choices: Choice[] = [
    { id: "ready", text: t.presence.goReady, icon: "check", isDisabled: isFixed },
    ...REASONS.map((id): Choice => ({ id, text: t.presence.reasons[id], icon: "pause", isDisabled: isFixed })),
  ];
  const acts: Choice[] = [
    { id: "log_out", text: t.presence.logOut, icon: "leave", isDisabled: mode === "call" || mode === "ringing" },
  ];

  const choose = (id: string) => {
    const complain = (error: unknown) => notices.complain(w.problems[slugOfError(error)]);
    notices.clear();
    if (id === "log_out") void leave().catch(complain);
    else if (id === "ready") void api.setPresence({ state: "ready" }).catch(complain);
    else void api.setPresence({ state: "not_ready", reason: id as NotReadyReason }).catch(complain);
  };

  return (
    <Menu
      label={t.presence.menu}
      className={`presence presence-${state}`}
      choices={choices}
      acts={acts}
      selected={state === "ready" ? "ready" : (reason ?? "")}
      onChoose={choose}
    >
      <Icon name={ICONS[state]} />
      <strong>{name}</strong>
      {agent && <time className="presence-time">{duration(now - Date.parse(agent.since))}</time>}
    </Menu>
  );
}
