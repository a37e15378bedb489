// The customer's authenticator: the code of RFC 6238 that stands now, and how long it does. Computed here from the secret that the demo
// shows anyway; a real one is in the customer's own hands.

import { useEffect, useState } from "preact/hooks";
import { usePhone } from "../../i18n/use-phone.ts";
import { codeAt, STEP_MS } from "./totp.ts";

const TICK_MS = 1_000;

export function OneTimeCode({ secret }: { secret: string }) {
  const t = usePhone();
  const [now, setNow] = useState(() => Date.now());
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const step = Math.floor(now / STEP_MS);
  useEffect(() => {
    let isNewest = true;
    void codeAt(secret, step).then((next) => {
      if (isNewest) setCode(next);
    });
    return () => {
      isNewest = false;
    };
  }, [secret, step]);
  const left_s = Math.ceil((STEP_MS - (now % STEP_MS)) / TICK_MS);
  if (code === null) return null;
  return (
    <p className="one-time-code">
      {t.customer.oneTimeCode}: <code data-one-time-code>{code}</code>{" "}
      <span className="muted">{t.customer.codeStands(left_s)}</span>
    </p>
  );
}
