// The calls of the agents a supervisor leads: who speaks with whom and since when, and the ways onto a call. It shows no number and nothing
// of what a call is about beyond its service; that comes with listening, which goes on record.

import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { CallView } from "../../api/types.ts";
import { duration } from "../../i18n/format.ts";
import { LANGUAGE_NAMES, useLanguage } from "../../i18n/language.ts";
import { outsideName } from "../../i18n/outside-name.ts";
import { queueName } from "../../i18n/queue-name.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { engine } from "../shell/calls.ts";
import { notices } from "../shell/notice.ts";
import { useCall, useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";
import { useTwice } from "../shell/use-twice.ts";

export function LiveCalls() {
  const t = useStaff();
  const { snapshot, me } = useLive();
  const calls = Object.values(snapshot.calls).filter((call) => call.lead !== me?.id);
  calls.sort((a, b) => (a.connected_at ?? "").localeCompare(b.connected_at ?? "") || a.id.localeCompare(b.id));
  return (
    <section className="live-calls" aria-labelledby="live-calls-title">
      <h2 id="live-calls-title" className="section-title">
        {t.supervisor.heading}
      </h2>
      {calls.length === 0 ? (
        <p className="muted">{t.supervisor.none}</p>
      ) : (
        <ul>
          {calls.map((call) => (
            <LiveCall key={call.id} call={call} />
          ))}
        </ul>
      )}
      <p className="muted small">{t.supervisor.onRecord}</p>
    </section>
  );
}

function LiveCall({ call }: { call: CallView }) {
  const t = useStaff();
  const w = useWords();
  const { offset_ms, snapshot } = useLive();
  const audio = useCall();
  const now = useNow(offset_ms);
  const language = useLanguage();
  const lead = call.lead ? snapshot.agents[call.lead] : undefined;
  const number = lead?.number ?? call.parties[0]?.number ?? "";
  const outside = call.outside ? t.transfer.outsideParty(outsideName(call.outside, language)) : null;
  const since = call.held_at ?? call.connected_at;
  const state =
    lead?.state === "not_responding" ? t.lost.heading : call.held_at ? t.hold.heading : t.call.states.talking;
  const isBusy = audio.call !== "idle" || !call.connected_at;
  const go = (mode: "listen" | "whisper" | "barge" | "take_over") => {
    notices.clear();
    void engine.watch(call.id, mode);
  };
  return (
    <li className="live-call" data-call={call.id} data-held={Boolean(call.held_at)}>
      <p>
        <strong>{call.lead ? t.agentNumber(number) : t.supervisor.withoutAgent}</strong>
        <span>{call.service ? w.services[call.service] : t.ringing.noService}</span>
        {call.language && <span className="tag">{LANGUAGE_NAMES[call.language]}</span>}
        <span className="muted">{queueName(call.queue, w)}</span>
        <span className="live-call-state">
          {state}
          {since && <time className="figures"> {duration(now - Date.parse(since))}</time>}
        </span>
      </p>
      {outside && <p className="live-call-outside">{outside}</p>}
      {call.parties.length > 1 && (
        <p className="muted small">
          {call.parties
            .slice(1)
            .map((party) => t.supervisor.parts[party.part](party.number))
            .join(t.listSeparator)}
        </p>
      )}
      {call.lead && (
        <p className="live-call-acts">
          <Button label={t.supervisor.listenTo(number)} isDisabled={isBusy} onPress={() => go("listen")}>
            {t.supervisor.modes.listens}
          </Button>
          <Button label={t.supervisor.whisperTo(number)} isDisabled={isBusy} onPress={() => go("whisper")}>
            {t.supervisor.modes.whispers}
          </Button>
          <Button label={t.supervisor.bargeInto(number)} isDisabled={isBusy} onPress={() => go("barge")}>
            {t.supervisor.modes.barges}
          </Button>
          <Button label={t.supervisor.takeOverFrom(number)} isDisabled={isBusy} onPress={() => go("take_over")}>
            {t.supervisor.takeOver}
          </Button>
        </p>
      )}
      {!call.lead && call.outside && <WithoutAgent call={call} />}
    </li>
  );
}

/** The customer is alone with somebody outside: nobody listens, and whoever leads the agents who left may end it. */
function WithoutAgent({ call }: { call: CallView }) {
  const t = useStaff();
  const w = useWords();
  const complain = (error: unknown) => notices.complain(w.problems[slugOfError(error)]);
  const { isArmed, press } = useTwice(t.supervisor.endAgain, () => void api.hangUp(call.id).catch(complain));
  return (
    <>
      <p className="muted small">{t.supervisor.unheard}</p>
      <p className="live-call-acts">
        <Button icon="hangUp" onPress={press}>
          {isArmed ? t.supervisor.endAgain : t.supervisor.endCall}
        </Button>
      </p>
    </>
  );
}
