// A button that opens a list of choices.

import type { ReactNode } from "react";
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon, type IconName } from "../design/icons.tsx";

export type Choice = { id: string; text: string; icon?: IconName; isDisabled?: boolean; lang?: string };

type Props = {
  /** What the button is for; its visible content follows. */
  label: string;
  className?: string;
  isDisabled?: boolean;
  choices: Choice[];
  selected?: string;
  onChoose: (id: string) => void;
  children: ReactNode;
};

export function Menu({ label, className = "", isDisabled = false, choices, selected, onChoose, children }: Props) {
  const selection = selected === undefined ? {} : { selectionMode: "single" as const, selectedKeys: [selected] };
  return (
    <MenuTrigger>
      <AriaButton isDisabled={isDisabled} className={`button button-plain button-small ${className}`}>
        <span className="visually-hidden">{label}</span>
        {children}
        <Icon name="down" size={14} />
      </AriaButton>
      <Popover className="popover" placement="bottom start">
        <AriaMenu
          aria-label={label}
          className="menu"
          items={choices}
          {...selection}
          disabledKeys={choices.filter((choice) => choice.isDisabled).map((choice) => choice.id)}
          onAction={(key) => onChoose(String(key))}
        >
          {(choice) => (
            <MenuItem id={choice.id} textValue={choice.text} className="menu-item">
              {choice.icon ? <Icon name={choice.icon} size={16} /> : <span className="menu-gap" />}
              <span lang={choice.lang}>{choice.text}</span>
              {selected === choice.id && <Icon name="check" size={16} />}
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
