// What happened in a contact, in order. It grows during the call; old content says how old it is.

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api } from "../../api/client.ts";
import type { TimelineEntry, Topic } from "../../api/types.ts";
import { Icon, type IconName } from "../../design/icons.tsx";
import { clockTime, duration, grouped } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { queueName } from "../../i18n/queue-name.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import type { StaffMessages } from "../../i18n/zh-CN/staff.ts";
import type { Words } from "../../i18n/zh-CN/words.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../shell/use-now.ts";

/** How often a live contact's timeline is fetched, and from when on its age is shown, milliseconds. */
const REFRESH_MS = 4_000;
const OLD_MS = 15_000;

const ICONS: Record<string, IconName> = {
  said: "speak",
  keyed: "keys",
  queued: "people",
  offered: "bell",
  connected: "phone",
  held: "pause",
  resumed: "phone",
  transferred: "leave",
  outside: "phone",
  outside_told: "speak",
  note: "note",
  ended: "hangUp",
  wrap_up: "check",
  verified: "proven",
  wallet_act: "money",
  case: "folder",
  clock: "clock",
  call_pass: "note",
  form: "note",
  caller_id: "shield",
  recorded: "microphone",
  recording_declined: "microphoneOff",
  challenged: "shield",
  not_verified: "warning",
  not_permitted: "warning",
  lowered: "warning",
  message: "envelope",
};

export function Timeline({ contact, isLive }: { contact: string; isLive: boolean }) {
  const t = useStaff();
  const w = useWords();
  const now = useNow(0);
  const query = useQuery({
    queryKey: ["timeline", contact],
    queryFn: () => api.timeline(contact),
    refetchInterval: isLive ? REFRESH_MS : false,
  });
  const entries = query.data ?? [];
  const age_ms = now - query.dataUpdatedAt;
  const isOld = isLive && query.data !== undefined && age_ms > OLD_MS;
  return (
    <section className="timeline" aria-labelledby="timeline-title">
      <header className="section-head">
        <h2 id="timeline-title" className="section-title">
          {t.timeline.heading}
        </h2>
        {isOld && <span className="tag tag-warn">{t.timeline.age(duration(age_ms))}</span>}
      </header>
      {query.isError && query.data === undefined && (
        <p className="form-problem">
          {t.timeline.failed} <Button onPress={() => void query.refetch()}>{w.retry}</Button>
        </p>
      )}
      {query.isSuccess && entries.length === 0 && <p className="muted empty">{t.timeline.empty}</p>}
      <Entries entries={entries} />
    </section>
  );
}

function Entries({ entries }: { entries: TimelineEntry[] }) {
  const t = useStaff();
  const list = useRef<HTMLOListElement>(null);
  const count = entries.length;
  // The newest line stays in sight unless the reader scrolled up to read.
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when a line was added.
  useEffect(() => {
    if (follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [count]);
  return (
    <ol
      ref={list}
      className="entries"
      aria-label={t.timeline.heading}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: at }) => {
        follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
      }}
    >
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end.
        <Entry key={`${entry.at} ${entry.kind} ${index}`} entry={entry} />
      ))}
    </ol>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const t = useStaff();
  const w = useWords();
  const language = useLanguage();
  const kinds: Record<string, string> = t.timeline.kinds;
  return (
    <li className={`entry entry-${entry.kind}`} data-kind={entry.kind}>
      <time dateTime={entry.at}>{clockTime(entry.at, language)}</time>
      <Icon name={ICONS[entry.kind] ?? "note"} size={16} />
      <span className="entry-kind">{kinds[entry.kind] ?? entry.kind}</span>
      <span className="entry-text" {...(entry.kind === "said" ? { lang: entry.language } : {})}>
        {entry.kind === "keyed" && entry.digits ? <kbd>{entry.digits}</kbd> : textOf(entry, t, w)}
        {entry.kind === "wallet_act" && entry.correlation_id !== "" && (
          <span className="muted small"> · {t.timeline.walletKey(entry.correlation_id)}</span>
        )}
        {entry.kind === "said" && entry.interrupted_by && (
          <span className="muted small"> · {cutOf(entry.interrupted_by, t)}</span>
        )}
      </span>
    </li>
  );
}

/** The line in the reader's words where its fields allow, else as the server put it. */
function textOf(entry: TimelineEntry, t: StaffMessages, w: Words): string {
  switch (entry.kind) {
    case "said":
      return entry.words ?? entry.text;
    case "queued":
      return entry.queue && entry.position
        ? t.timeline.position(queueName(entry.queue, w), entry.position)
        : entry.text;
    case "offered":
      return entry.number && entry.outcome
        ? `${t.agentNumber(entry.number)} · ${t.timeline.outcomes[entry.outcome]}`
        : entry.text;
    case "note":
      return entry.text;
    case "wrap_up":
      return [entry.code ? t.dispositions[entry.code] : "", entry.text].filter((part) => part !== "").join(" · ");
    case "verified":
      return t.timeline.raised(
        t.identity.levels[entry.from],
        t.identity.levels[entry.to],
        t.identity.factors[entry.factor],
      );
    case "not_verified":
      return t.timeline.notVerified(t.identity.factors[entry.factor]);
    case "lowered":
      return t.timeline.lowered(
        t.identity.levels[entry.from],
        t.identity.levels[entry.to],
        t.timeline.loweredBy[entry.why] ?? t.identity.risks[entry.why] ?? entry.why,
      );
    case "not_permitted":
      return entry.need ? t.timeline.notPermitted(t.identity.levels[entry.need]) : t.timeline.nobodyNamed;
    case "wallet_act":
      return `${t.timeline.acts[entry.operation] ?? entry.operation} · ${outcomeOf(entry.operation, entry.outcome, t)}`;
    case "caller_id":
      return t.timeline.callerIds[entry.trust];
    case "call_pass":
      return t.timeline.pass(t.pass.topics[entry.topic as Topic] ?? entry.topic);
    case "form":
      return t.timeline.forms[entry.about] ?? entry.about;
    case "case":
      return grouped(entry.reference);
    case "recorded":
      return t.timeline.notice(entry.notice);
    case "recording_declined":
      return t.timeline.declined;
    case "held":
    case "connected":
      return entry.number ? t.agentNumber(entry.number) : entry.text;
    case "transferred": {
      const outcomes: Record<string, string> = t.transfer.outcomes;
      const modes: Record<string, string> = t.transfer.modes;
      const to = /^\d+$/.test(entry.to) ? t.agentNumber(entry.to) : queueName(entry.to, w);
      return [`${t.agentNumber(entry.number)} → ${to}`, modes[entry.mode], outcomes[entry.outcome]].join(" · ");
    }
    case "challenged": {
      const outcomes: Record<string, string> = t.verification.outcomes;
      return `${t.agentNumber(entry.number)} · ${outcomes[entry.outcome] ?? entry.outcome}`;
    }
    case "message": {
      const words: Record<"channels" | "about" | "states" | "reasons", Record<string, string>> = t.verification.message;
      const why = entry.reason ? [words.reasons[entry.reason] ?? entry.reason] : [];
      const channel = words.channels[entry.channel] ?? entry.channel;
      return [channel, words.about[entry.about] ?? entry.about, words.states[entry.state] ?? entry.state, ...why].join(
        " · ",
      );
    }
    case "outside": {
      const what: Record<string, string> = t.timeline.outside;
      return `${entry.to} · ${what[entry.what] ?? entry.what}`;
    }
    case "outside_told":
      return [entry.to, t.timeline.outsideTold(entry.notice), entry.declined ? t.timeline.outsideDeclined : ""]
        .filter(Boolean)
        .join(" · ");
    case "resumed":
      return `${t.agentNumber(entry.number)} · ${duration(Date.parse(entry.at) - Date.parse(entry.held_at))}`;
    case "ended": {
      const by: Record<string, string> = t.timeline.endedBy;
      const found = entry.disposition ? ` · ${t.dispositions[entry.disposition]}` : "";
      return entry.by ? `${by[entry.by] ?? entry.by}${found}` : entry.text;
    }
    default:
      return entry.text;
  }
}

/** A question to the wallet is answered; an act is carried out, or not. The same word means another thing in each. */
function outcomeOf(operation: string, outcome: string, t: StaffMessages): string {
  const { answers, refundOutcomes, actOutcomes } = t.timeline;
  const words = { transaction_status: answers, refund: refundOutcomes }[operation] ?? actOutcomes;
  return words[outcome] ?? outcome;
}

function cutOf(by: string, t: StaffMessages): string {
  const cut: Record<string, string> = t.timeline.cut;
  return cut[by] ?? by;
}
