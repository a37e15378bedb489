// A button that opens a list of choices.

import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Menu as AriaMenu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from "react-aria-components";
import { Icon, type IconName } from "../design/icons.tsx";

export type Choice = { id: string; text: string; icon?: IconName; isDisabled?: boolean; lang?: string };

type Props = {
  /** What the button is for; its visible content follows. */
  label: string;
  className?: string;
  isDisabled?: boolean;
  /** One of these is the case now. */
  choices: Choice[];
  selected: string;
  /** These only act. */
  acts?: Choice[];
  onChoose: (id: string) => void;
  children: ReactNode;
};

const NO_ACTS: Choice[] = [];

export function Menu({
  label,
  className = "",
  isDisabled = false,
  choices,
  selected,
  acts = NO_ACTS,
  onChoose,
  children,
}: Props) {
  return (
    <MenuTrigger>
      <AriaButton isDisabled={isDisabled} className={`button button-plain button-small ${className}`}>
        <span className="visually-hidden">{label}</span>
        {children}
        <Icon name="down" size={14} />
      </AriaButton>
      <Popover className="popover" placement="bottom start">
        <AriaMenu aria-label={label} className="menu" onAction={(key) => onChoose(String(key))}>
          <MenuSection aria-label={label} selectionMode="single" selectedKeys={[selected]}>
            {choices.map((choice) => (
              <Item key={choice.id} choice={choice} isSelected={choice.id === selected} />
            ))}
          </MenuSection>
          {acts.length > 0 && <Separator className="menu-line" />}
          {acts.map((choice) => (
            <Item key={choice.id} choice={choice} isSelected={false} />
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function Item({ choice, isSelected }: { choice: Choice; isSelected: boolean }) {
  return (
    <MenuItem id={choice.id} isDisabled={choice.isDisabled === true} textValue={choice.text} className="menu-item">
      {choice.icon ? <Icon name={choice.icon} size={16} /> : <span className="menu-gap" />}
      <span lang={choice.lang}>{choice.text}</span>
      {isSelected && <Icon name="check" size={16} />}
    </MenuItem>
  );
}
