// Keys towards the customer's end, or the one outside while the customer is on hold: for a call that went to somebody else's menu. What was
// pressed is shown for a moment and kept nowhere.

import { useState } from "react";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button, Toggle } from "../../ui/button.tsx";
import { notices } from "../shell/notice.ts";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** How many of the last keys are shown. */
const SHOWN = 16;

export function Keypad({ contact }: { contact: string }) {
  const t = useStaff();
  const w = useWords();
  const [isOpen, setOpen] = useState(false);
  const [pressed, setPressed] = useState("");
  const press = (key: string) => {
    setPressed((before) => (before + key).slice(-SHOWN));
    api.pressKeys(contact, key).catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  };
  const toggle = (open: boolean) => {
    setOpen(open);
    setPressed("");
  };
  return (
    <div className="keypad">
      <Toggle isSelected={isOpen} onChange={toggle} icon="keys">
        {t.keypad.heading}
      </Toggle>
      {isOpen && (
        <fieldset className="keypad-keys">
          <legend className="visually-hidden">{t.keypad.heading}</legend>
          <output className="keypad-pressed">{pressed}</output>
          {KEYS.map((key) => (
            <Button key={key} label={t.keypad.key(key)} onPress={() => press(key)}>
              {key}
            </Button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
