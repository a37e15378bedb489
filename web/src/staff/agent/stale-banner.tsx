// Says how old the screen is while the connection is lost. The age counts on; it is announced once.

import { useEffect } from "react";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { announce } from "../shell/announce.ts";
import { useLive } from "../shell/use-live.ts";
import { useNow } from "../shell/use-now.ts";

export function StaleBanner() {
  const t = useStaff();
  const { connection, heard_at_ms } = useLive();
  const now = useNow(0);
  const isLost = connection === "lost";
  useEffect(() => {
    if (isLost) announce(t.connection.lost);
  }, [isLost, t]);
  if (!isLost) return null;
  return (
    <section className="stale-banner" aria-label={t.connection.lost}>
      <Icon name="linkOff" size={16} />
      <span>{t.connection.lostDetail(duration(now - heard_at_ms))}</span>
    </section>
  );
}
