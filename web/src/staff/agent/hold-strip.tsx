// The customer on hold: for how long, and from a minute on that it is long. Clock and words stand still for readers of screens; the
// warning is said once.

import { useEffect } from "react";
import { Icon } from "../../design/icons.tsx";
import { duration } from "../../i18n/format.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { announce } from "../shell/announce.ts";
import { useNow } from "../shell/use-now.ts";

/** From here on a customer counts as kept waiting, milliseconds. */
export const HOLD_LONG_MS = 60_000;

export function HoldStrip({ since, offset_ms }: { since: string; offset_ms: number }) {
  const t = useStaff();
  const held_ms = useNow(offset_ms) - Date.parse(since);
  const isLong = held_ms >= HOLD_LONG_MS;
  useEffect(() => {
    if (isLong) announce(t.hold.long);
  }, [isLong, t]);
  return (
    <div className="hold-strip" data-long={isLong}>
      <p>
        <Icon name={isLong ? "warning" : "pause"} size={16} />
        {t.hold.music}
        <time className="hold-time" role="timer">
          {duration(held_ms)}
        </time>
      </p>
      {isLong && <p>{t.hold.long}</p>}
    </div>
  );
}
