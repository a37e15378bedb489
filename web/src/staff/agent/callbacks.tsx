// Who waits to be called back: the oldest first, masked. Whoever takes a request is shown its number, which goes on record, and
// closes it with its case once the customer was called. No number is kept here beyond this screen.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Callback, CallbackNumber, Me, Role } from "../../api/types.ts";
import { grouped, phoneNumber, shortTime } from "../../i18n/format.ts";
import { LANGUAGE_NAMES, useLanguage } from "../../i18n/language.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { announce } from "../shell/announce.ts";
import { notices } from "../shell/notice.ts";
import { useTwice } from "../shell/use-twice.ts";
import { CallerNumber } from "./caller.tsx";
import { CaseReference } from "./case-reference.tsx";

const KEY = ["callbacks"];

/** No live event tells of callbacks: how often the list is fetched while it is on the screen, milliseconds. */
const REFRESH_MS = 30_000;

/** How long the button says that it has copied, milliseconds. */
const COPIED_MS = 2_000;

/** The roles that the server lets call customers. */
export function callsBack(role: Role): boolean {
  return role === "agent" || role === "supervisor";
}

export function Callbacks({ me }: { me: Pick<Me, "number"> }) {
  const t = useStaff();
  const w = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: api.callbacks,
    refetchInterval: REFRESH_MS,
    refetchOnWindowFocus: "always",
  });
  return (
    <section className="callbacks" aria-labelledby="callbacks-title">
      <h2 id="callbacks-title" className="section-title">
        {t.callbacks.heading}
        {data && data.length > 0 && ` · ${data.length}`}
      </h2>
      {data === undefined && error && (
        <p className="form-problem">
          {w.problems[slugOfError(error)]} <Button onPress={() => void refetch()}>{w.retry}</Button>
        </p>
      )}
      {data?.length === 0 && <p className="muted empty">{t.callbacks.none}</p>}
      {data && data.length > 0 && (
        <ul>
          {data.map((callback) => (
            <CallbackItem key={callback.reference} callback={callback} me={me} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CallbackItem({ callback, me }: { callback: Callback; me: Pick<Me, "number"> }) {
  const t = useStaff();
  const w = useWords();
  const language = useLanguage();
  const queries = useQueryClient();
  const [shown, setShown] = useState<CallbackNumber | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { reference, service, taken_by } = callback;
  const name = grouped(reference);
  const isOwn = taken_by === me.number;
  const isOthers = taken_by !== null && !isOwn;

  const takeWords = isOwn ? t.callbacks.show : isOthers ? t.callbacks.takeOver : t.callbacks.take;

  const act = async (what: () => Promise<void>) => {
    // Not disabled meanwhile: a button that is disabled loses the focus.
    if (isBusy) return;
    setBusy(true);
    try {
      await what();
    } catch (problem) {
      notices.complain(w.problems[slugOfError(problem)]);
    } finally {
      await Promise.all([
        queries.invalidateQueries({ queryKey: KEY }),
        queries.invalidateQueries({ queryKey: ["case", reference] }),
      ]);
      setBusy(false);
    }
  };
  const take = () => act(async () => setShown(await api.takeCallback(reference)));
  const finish = () =>
    act(async () => {
      await api.finishCallback(reference);
      notices.tell(t.callbacks.finished(name));
    });

  return (
    <li className="callback" data-callback={reference} data-own={isOwn}>
      <p className="recent-line">
        <CallerNumber caller={callback.number} />
        <time dateTime={callback.asked_at} className="muted">
          {shortTime(callback.asked_at, Date.now(), language)}
        </time>
      </p>
      <p className="recent-line muted small">
        <span>{service ? w.services[service] : t.ringing.noService}</span>
        <span>
          {LANGUAGE_NAMES[callback.language]} · {callback.wallet}
        </span>
      </p>
      <CaseReference reference={reference} />
      {isOwn && <Tag tone="ok" icon="check" text={t.callbacks.yours} />}
      {isOthers && <Tag tone="warn" icon="people" text={t.callbacks.takenBy(taken_by)} />}
      {shown !== null && !isOthers && <ShownNumber {...shown} />}
      <p className="callback-acts">
        {!(isOwn && shown !== null) && (
          <Button
            tone={isOthers ? "quiet" : "accent"}
            icon="phone"
            label={`${takeWords} ${name}`}
            onPress={() => void take()}
          >
            {takeWords}
          </Button>
        )}
        {isOwn && <Finish name={name} onFinish={() => void finish()} />}
      </p>
    </li>
  );
}

/** The number to call, and what to say first. It takes the focus, because the button that asked for it is gone. */
function ShownNumber({ number, phrase }: Pick<CallbackNumber, "number" | "phrase">) {
  const t = useStaff();
  const link = useRef<HTMLAnchorElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => link.current?.focus(), []);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(number);
    setCopied(true);
    announce(t.callbacks.copied);
  };
  return (
    <>
      <p className="callback-phrase">
        {phrase === null ? (
          t.callbacks.noPhrase
        ) : (
          <>
            {t.callbacks.sayFirst} <strong data-phrase={phrase}>{phrase}</strong>
          </>
        )}
      </p>
      <p className="callback-number">
        <a ref={link} className="figures" href={`tel:${number}`}>
          {phoneNumber(number)}
        </a>
        {navigator.clipboard && (
          <Button tone="quiet" onPress={() => void copy().catch(() => undefined)}>
            {isCopied ? t.callbacks.copied : t.callbacks.copy}
          </Button>
        )}
      </p>
    </>
  );
}

/** Closes the case too and cannot be taken back: the first press asks, the second does. */
function Finish({ name, onFinish }: { name: string; onFinish: () => void }) {
  const t = useStaff();
  const { isArmed, press } = useTwice(t.callbacks.finishAgain, onFinish);
  const words = isArmed ? t.callbacks.finishAgain : t.callbacks.finish;
  return (
    <Button tone={isArmed ? "ok" : "plain"} icon="check" label={`${words} ${name}`} onPress={press}>
      {words}
    </Button>
  );
}
