// Buttons of the desk: at least 32 px, named, and honest about why they cannot be pressed.

import type { ReactNode } from "react";
import { Button as AriaButton, ToggleButton as AriaToggleButton, type ButtonProps } from "react-aria-components";
import { Icon, type IconName } from "../design/icons.tsx";

export type Tone = "plain" | "accent" | "ok" | "warn" | "bad" | "quiet";

type Common = {
  tone?: Tone;
  size?: "small" | "large";
  icon?: IconName;
  children?: ReactNode;
  /** What assistive technology reads where the button shows only a sign. */
  label?: string;
  /** The key that does the same, shown on the button. */
  keys?: string;
};

type Props = Common & Omit<ButtonProps, "children" | "className" | "aria-label">;

function classOf(tone: Tone, size: "small" | "large"): string {
  return `button button-${tone} button-${size}`;
}

function Face({ icon, children, keys, size }: Common) {
  return (
    <>
      {icon && <Icon name={icon} size={size === "large" ? 20 : 18} />}
      {children !== undefined && <span>{children}</span>}
      {keys && (
        <span className="kbd" aria-hidden="true">
          {keys}
        </span>
      )}
    </>
  );
}

export function Button({ tone = "plain", size = "small", icon, children, label, keys, ...rest }: Props) {
  return (
    <AriaButton
      {...rest}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(keys === undefined ? {} : { "aria-keyshortcuts": keys })}
      className={classOf(tone, size)}
    >
      <Face
        size={size}
        {...(icon === undefined ? {} : { icon })}
        {...(keys === undefined ? {} : { keys })}
        {...(children === undefined ? {} : { children })}
      />
    </AriaButton>
  );
}

/** A button that stays in. */
export function Toggle({
  isSelected,
  onChange,
  icon,
  label,
  children,
  keys,
  size = "small",
}: Common & { isSelected: boolean; onChange: (selected: boolean) => void }) {
  return (
    <AriaToggleButton
      isSelected={isSelected}
      onChange={onChange}
      {...(label === undefined ? {} : { "aria-label": label })}
      className={`${classOf("plain", size)} toggle`}
    >
      <Face
        size={size}
        {...(icon === undefined ? {} : { icon })}
        {...(keys === undefined ? {} : { keys })}
        {...(children === undefined ? {} : { children })}
      />
    </AriaToggleButton>
  );
}
