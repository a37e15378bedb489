// The texts and mails this customer was sent, newest first.

import { useEffect, useState } from "react";
import { demoApi } from "../../api/client.ts";
import type { DemoMessage } from "../../api/types.ts";
import { shortTime } from "../../i18n/format.ts";
import { useLanguage } from "../../i18n/language.ts";
import { usePhone } from "../../i18n/use-phone.ts";

/** During a call a message may come at any moment; milliseconds between looks. */
const REFRESH_MS = 3_000;

export function Messages({ msisdn, isInCall }: { msisdn: string; isInCall: boolean }) {
  const t = usePhone();
  const language = useLanguage();
  const [messages, setMessages] = useState<DemoMessage[]>([]);

  useEffect(() => {
    let isCurrent = true;
    setMessages([]);
    const look = () =>
      demoApi
        .messages(msisdn)
        .then((found) => isCurrent && setMessages(found))
        .catch(() => undefined);
    void look();
    const timer = isInCall ? setInterval(() => void look(), REFRESH_MS) : null;
    return () => {
      isCurrent = false;
      if (timer !== null) clearInterval(timer);
    };
  }, [msisdn, isInCall]);

  return (
    <section className="panel" aria-labelledby="messages-title">
      <h2 id="messages-title">{t.messages.heading}</h2>
      {messages.length === 0 && <p className="muted">{t.messages.none}</p>}
      <ul className="messages">
        {messages.map((message) => (
          <li key={`${message.at} ${message.text}`}>
            <span className="muted">
              {message.channel.toUpperCase()} · {shortTime(message.at, Date.now(), language)}
            </span>
            <p>{message.text}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
