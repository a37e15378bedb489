// What protects each side of the call that is going on, and how it sounds: who speaks here should know who could listen.
// A change is told to screen readers once, as a sentence.

import type { LegView } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { useStaff } from "../../i18n/use-staff.ts";
import { Tag, type TagTone } from "../../ui/tag.tsx";
import { protectionOf } from "./protection.ts";

const TONES: Record<NonNullable<LegView["quality"]>, TagTone> = { good: "ok", fair: "warn", poor: "bad" };

export function CallLegs({ legs, agent }: { legs: LegView[]; agent: string | null | undefined }) {
  const t = useStaff();
  if (legs.length === 0) return null;
  return (
    <ul className="call-legs" aria-label={t.legs.region} aria-live="polite">
      {legs.map((leg) => (
        <Leg key={leg.agent ?? (leg.outside ? "outside" : "caller")} leg={leg} isOwn={leg.agent === agent} />
      ))}
    </ul>
  );
}

function Leg({ leg, isOwn }: { leg: LegView; isOwn: boolean }) {
  const t = useStaff();
  const protection = protectionOf(leg.encryption);
  const ofAgent = isOwn ? t.call.you : t.legs.otherAgent;
  const ofOther = leg.outside ? t.legs.outside : t.call.them;
  return (
    <li
      data-leg={leg.agent ? "agent" : leg.outside ? "outside" : "caller"}
      data-encryption={leg.encryption}
      data-quality={leg.quality}
    >
      <span className="leg-whose">{leg.agent ? ofAgent : ofOther}</span>
      <span className={protection ? "leg-protection" : "leg-protection leg-plain"}>
        <Icon name={protection ? "lock" : "unlocked"} size={14} />
        {protection ? t.legs.encrypted(protection) : t.legs.plain}
      </span>
      {leg.quality && <Tag tone={TONES[leg.quality]} icon="listen" text={t.legs.quality[leg.quality]} />}
    </li>
  );
}
