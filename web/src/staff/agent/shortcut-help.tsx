// All keys of the desk, and the switch that turns them off for readers whose other tools need them.

import { useState } from "react";
import { Switch } from "react-aria-components";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-words.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { enableShortcuts, shortcutsEnabled } from "./shortcuts.ts";

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useStaff();
  const w = useWords();
  const [isEnabled, setEnabled] = useState(shortcutsEnabled);
  const rows: [string, string][] = [
    ["Alt+A", t.keys.answer],
    ["Alt+M", t.keys.mute],
    ["Alt+X", t.keys.hangUp],
    ["Alt+N", t.keys.notes],
    ["Alt+W", t.keys.wrapUp],
    ["Alt+R", t.keys.ready],
    ["1 – 6", t.keys.codes],
    ["Ctrl+Enter", t.keys.finish],
    ["?", t.keys.help],
  ];
  return (
    <Dialog title={t.keys.heading} closeLabel={w.close} isOpen={isOpen} onClose={onClose}>
      <dl className="key-list">
        {rows.map(([key, act]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{act}</dd>
          </div>
        ))}
      </dl>
      <Switch
        className="switch"
        isSelected={isEnabled}
        onChange={(enabled) => {
          enableShortcuts(enabled);
          setEnabled(enabled);
        }}
      >
        <span className="switch-track" aria-hidden="true" />
        {t.keys.enabled}
      </Switch>
    </Dialog>
  );
}
