// A short finding in a line of text: a colour never stands without its sign and its word.

import { Icon, type IconName } from "../design/icons.tsx";

export type TagTone = "ok" | "warn" | "bad" | "quiet";

export function Tag({ tone, icon, text }: { tone: TagTone; icon: IconName; text: string }) {
  return (
    <span className={`tag tag-${tone}`}>
      <Icon name={icon} size={14} />
      {text}
    </span>
  );
}
