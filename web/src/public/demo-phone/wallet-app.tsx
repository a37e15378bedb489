// The wallet's app on the customer's phone: whether the hotline is talking to them, asked again and again while it is open. What cannot
// be asked, or is answered with a word that this app does not know, is shown as the safer of what it could be.

import { useEffect, useState } from "react";
import { demoApi } from "../../api/client.ts";
import type { CallBackAsked, TalkingToUs } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { clockTime, grouped, shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { useWalletApp } from "../../i18n/use-wallet-app.ts";
import { useWords } from "../../i18n/use-words.ts";
import { poll } from "./poll.ts";

/** Milliseconds between two questions while the answer is on the screen. */
const REFRESH_MS = 2_500;
/** How long an answer may take before it counts as none, milliseconds. */
const ANSWER_MAX_MS = 5_000;

type Shown = TalkingToUs | "asking" | "offline";
type Props = { wallet: string; msisdn: string };

export function WalletApp(whose: Props) {
  const t = useWalletApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="panel" aria-labelledby="app-title">
      <h2 id="app-title">{t.heading}</h2>
      <button type="button" className="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="shield" />
        {isOpen ? t.close : t.ask}
      </button>
      {isOpen && <Answer key={`${whose.wallet} ${whose.msisdn}`} {...whose} />}
    </section>
  );
}

function Answer({ wallet, msisdn }: Props) {
  const [shown, setShown] = useState<Shown>("asking");
  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      const found = await soon(demoApi.talkingToUs(wallet, msisdn)).catch(() => "offline" as const);
      if (isCurrent) setShown(found);
    };
    const stop = poll(look, REFRESH_MS);
    return () => {
      isCurrent = false;
      stop();
    };
  }, [wallet, msisdn]);
  return (
    <>
      <Verdict shown={shown} />
      {typeof shown === "object" && shown.callback && <BookedCall {...shown.callback} />}
    </>
  );
}

function BookedCall({ reference, phrase, language }: CallBackAsked) {
  const t = useWalletApp();
  return (
    <div className="booked-call">
      <p>{t.callback.booked(grouped(reference))}</p>
      {phrase === undefined ? (
        <p>{t.callback.noPhrase}</p>
      ) : (
        <p>
          {t.callback.phrase}{" "}
          <strong lang={language} data-phrase={phrase}>
            {phrase}
          </strong>
        </p>
      )}
    </div>
  );
}

async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("late")), ANSWER_MAX_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function Verdict({ shown }: { shown: Shown }) {
  const t = useWalletApp();
  const w = useWords();
  const language = useLanguage();
  if (shown === "asking") return <p role="status">{t.asking}</p>;
  if (shown === "offline") return <Card answer="offline" title={t.offline.title} advice={[t.offline.advice]} />;
  const checked = t.checked(clockTime(shown.checked_at, language));
  const since = shortTime(shown.since ?? shown.checked_at, Date.parse(shown.checked_at), language);
  switch (shown.answer) {
    case "talking": {
      const title =
        shown.with === "agent" && shown.agent
          ? t.talking.agent(shown.agent, since)
          : shown.with === "outside"
            ? t.talking.outside(since)
            : t.talking.nobody(since);
      const facts = [
        ...(shown.line ? [t.talking.line(shown.line)] : []),
        ...(shown.purpose ? [t.talking.about(w.services[shown.purpose])] : []),
      ];
      return <Card answer="talking" title={title} advice={[facts.join(" · "), t.talking.compare, checked]} />;
    }
    case "calling_back":
      return (
        <Card
          answer="calling_back"
          title={t.calling_back.title(shown.agent ?? "")}
          advice={[t.calling_back.advice, t.calling_back.nobody, checked]}
        />
      );
    case "unconfirmed":
      return <Card answer="unconfirmed" title={t.unconfirmed.title} advice={[t.unconfirmed.advice, checked]} />;
    default:
      return <Card answer="not_talking" title={t.not_talking.title} advice={[t.not_talking.advice, checked]} />;
  }
}

const LOOKS = {
  talking: { icon: "proven", tone: "ok" },
  calling_back: { icon: "phone", tone: "ok" },
  unconfirmed: { icon: "warning", tone: "warn" },
  not_talking: { icon: "hangUp", tone: "bad" },
  offline: { icon: "linkOff", tone: "warn" },
} as const;

function Card({ answer, title, advice }: { answer: keyof typeof LOOKS; title: string; advice: string[] }) {
  const { icon, tone } = LOOKS[answer];
  return (
    <div className={`verdict verdict-${tone}`} data-answer={answer}>
      <p className="verdict-title" role="status">
        <Icon name={icon} size={24} />
        {title}
      </p>
      {advice
        .filter((line) => line !== "")
        .map((line) => (
          <p key={line}>{line}</p>
        ))}
    </div>
  );
}
