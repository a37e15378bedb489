// One's own log-in: whether a second factor is on, and how it is replaced, renewed and turned off.

import { useEffect, useState } from "react";
import { sessionApi } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { Me } from "../../api/types.ts";
import { useSessionWords } from "../../i18n/use-session-words.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useConfirmation } from "./confirmation.tsx";
import { Mark } from "./front-page.tsx";
import { Passkeys } from "./passkeys.tsx";
import { useRefresh } from "./session.ts";
import { RecoveryCodes, SetUp } from "./set-up-factor.tsx";
import { LanguageSwitch, ThemeSwitch } from "./switches.tsx";

export function SecurityPage({ me }: { me: Me }) {
  const t = useSessionWords();
  const w = useWords();
  useEffect(() => {
    document.title = `${t.page.title} · ${w.product}`;
  }, [t, w]);
  return (
    <div className="directory">
      <header className="directory-top">
        <h1>
          <Mark /> {t.page.title}
        </h1>
        <a href="/desk">{t.page.toDesk}</a>
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>
        <p>
          {me.user} ·{" "}
          {me.second_factor ? (
            <Tag tone="ok" icon="shield" text={t.page.on} />
          ) : (
            <Tag tone="warn" icon="shield" text={t.page.off} />
          )}
        </p>
        <Factor me={me} />
      </main>
    </div>
  );
}

function Factor({ me }: { me: Me }) {
  const t = useSessionWords();
  const w = useWords();
  const refresh = useRefresh();
  const { run, dialog } = useConfirmation();
  const [codes, setCodes] = useState<string[] | null>(null);
  const [told, setTold] = useState("");
  const [setUps, setSetUps] = useState(0);

  const attempt = async (act: () => Promise<unknown>, done: string) => {
    setTold("");
    try {
      await run(act);
      setTold(done);
    } catch (error) {
      setTold(w.problems[slugOfError(error)]);
    }
    await refresh();
  };

  if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />;
  return (
    <>
      <SetUp
        key={setUps}
        begin={me.authenticator ? t.page.replace : t.setUp.heading}
        onDone={() => {
          setSetUps(setUps + 1);
          void refresh();
        }}
      />
      {me.second_factor && (
        <div className="listing-acts">
          <Button
            onPress={() => void attempt(async () => setCodes((await sessionApi.renewCodes()).recovery_codes), "")}
          >
            {t.page.renew}
          </Button>
          {me.authenticator && (me.passkey || !me.second_factor_required) && (
            <Button tone="bad" onPress={() => void attempt(sessionApi.removeFactor, t.page.removed)}>
              {t.page.remove}
            </Button>
          )}
        </div>
      )}
      {me.second_factor_required && <p className="muted">{t.page.needed}</p>}
      <p role="status">{told}</p>
      <Passkeys onChange={refresh} />
      {dialog}
    </>
  );
}
