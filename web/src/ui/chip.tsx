// A small status that explains itself when pressed: a colour never stands without its sign and its word.

import type { ReactNode } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Icon, type IconName } from "../design/icons.tsx";

export type Status = "ok" | "warn" | "bad" | "quiet";

type Props = { status: Status; icon: IconName; text: string; children: ReactNode };

export function Chip({ status, icon, text, children }: Props) {
  return (
    <DialogTrigger>
      <AriaButton className={`chip chip-${status}`}>
        <Icon name={icon} size={16} />
        <span>{text}</span>
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label={text} className="chip-detail">
          {children}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
