// The texts and mails this customer was sent, newest first, as they come. Each new one is read out once.

import { useEffect, useRef, useState } from "react";
import { demoApi } from "../../api/client.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { usePhone } from "../../i18n/use-phone.ts";
import { arrivals, type Keyed, keyed, partsOf } from "./inbox.ts";
import { poll } from "./poll.ts";

/** Milliseconds between looks: a code should be there before the caller wonders. */
const REFRESH_MS = 1_500;

export function Messages({ msisdn }: { msisdn: string }) {
  const t = usePhone();
  const language = useLanguage();
  const [messages, setMessages] = useState<Keyed[]>([]);
  const [isStale, setStale] = useState(false);
  const [news, setNews] = useState("");
  const words = useRef(t);
  words.current = t;

  useEffect(() => {
    let isCurrent = true;
    let before: Keyed[] | null = null;
    setMessages([]);
    setNews("");
    setStale(false);
    const look = async () => {
      try {
        const found = keyed(await demoApi.messages(msisdn));
        if (!isCurrent) return;
        const fresh = arrivals(before, found);
        before = found;
        setMessages(found);
        setStale(false);
        const { channels, news: say } = words.current.messages;
        if (fresh.length > 0) setNews(fresh.map(({ channel, text }) => say(channels[channel], text)).join(" "));
      } catch {
        if (isCurrent) setStale(true);
      }
    };
    const stop = poll(look, REFRESH_MS);
    return () => {
      isCurrent = false;
      stop();
    };
  }, [msisdn]);

  return (
    <section className="panel" aria-labelledby="messages-title" data-messages={messages.length}>
      <h2 id="messages-title">{t.messages.heading}</h2>
      <p className="visually-hidden" role="status">
        {news}
      </p>
      {isStale && <p className="stale">{t.customer.stale}</p>}
      {messages.length === 0 && <p className="muted">{t.messages.none}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard. */}
      <ul className="messages" aria-labelledby="messages-title" tabIndex={0}>
        {messages.map(({ key, message }) => (
          <li key={key} className="message" data-channel={message.channel}>
            <p className="muted message-head">
              <span>
                {t.messages.channels[message.channel]} · {t.messages.to(message.to)}
              </span>
              <time dateTime={message.at}>{shortTime(message.at, Date.now(), language)}</time>
            </p>
            <p className="message-text">
              {partsOf(message.text).map(({ at, text, isCode }) =>
                isCode ? (
                  <strong key={at} className="code-in-text">
                    {text}
                  </strong>
                ) : (
                  <span key={at}>{text}</span>
                ),
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
