// How one person plays both sides, with the demo log-ins of the desk. They exist in demonstrations only.

import { usePhone } from "../../i18n/use-phone.ts";

const LOG_INS = [
  { user: "agent1", speaks: "both" },
  { user: "agent2", speaks: "both" },
  { user: "agent3", speaks: "en" },
] as const;

const PASSWORD = "walletline-demo";

export function Help() {
  const t = usePhone();
  return (
    <section className="panel help" aria-labelledby="help-title">
      <h2 id="help-title">{t.help.heading}</h2>
      <ol>
        {t.help.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <a className="plain" href="/desk" target="_blank" rel="noopener">
        {t.help.open}
      </a>
      <h3>{t.help.logIns}</h3>
      <ul className="log-ins">
        {LOG_INS.map(({ user, speaks }) => (
          <li key={user}>
            <code>{user}</code>
            <span className="muted">{t.help.speaks[speaks]}</span>
          </li>
        ))}
      </ul>
      <p>
        {t.help.password}: <code>{PASSWORD}</code>
      </p>
      <p className="muted">{t.dialler.keyboard}</p>
    </section>
  );
}
