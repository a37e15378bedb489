// How a caller is named and how far they are verified, the same wherever a contact appears.

import type { Level } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { useStaff } from "../../i18n/use-staff.ts";
import { levelIcon } from "./assurance.ts";

export function CallerNumber({ caller }: { caller: string }) {
  const t = useStaff();
  return <span className="caller-number">{caller === "" ? t.phone.unknownCaller : caller}</span>;
}

export function LevelMark({ level }: { level: Level }) {
  const t = useStaff();
  return (
    <span className={`level level-${level}`}>
      <Icon name={levelIcon(level)} size={14} />
      {t.identity.levels[level]}
    </span>
  );
}
