// All keys of the desk: what they do, how to choose others, and the switch that turns them off for readers whose other
// tools need them.

import { useState, useSyncExternalStore } from "react";
import { Switch } from "react-aria-components";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { ALT_ACTS, type AltAct } from "./shortcuts.ts";
import { LEARNS_KEYS, shortcutSettings, useKeyLabels } from "./use-shortcuts.ts";

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useStaff();
  const w = useWords();
  const isEnabled = useSyncExternalStore(shortcutSettings.subscribe, shortcutSettings.isEnabled);
  const fixed: [string, string][] = [
    ["1 – 6", t.keys.codes],
    ["Ctrl+Enter", t.keys.finish],
    ["?", t.keys.help],
  ];
  return (
    <Dialog title={t.keys.heading} closeLabel={w.close} isOpen={isOpen} onClose={onClose}>
      <dl className="key-list">
        {ALT_ACTS.map((act) => (
          <Learnable key={act} act={act} />
        ))}
        {fixed.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="muted small key-hint">{t.keys.change}</p>
      <div className="key-foot">
        <Switch className="switch" isSelected={isEnabled} onChange={(enabled) => shortcutSettings.enable(enabled)}>
          <span className="switch-track" aria-hidden="true" />
          {t.keys.enabled}
        </Switch>
        <Button tone="quiet" onPress={() => shortcutSettings.reset()}>
          {t.keys.reset}
        </Button>
      </div>
    </Dialog>
  );
}

/** One act with its key; pressing the key's button makes it learn the next letter or digit. */
function Learnable({ act }: { act: AltAct }) {
  const t = useStaff();
  const labels = useKeyLabels();
  const [isLearning, setLearning] = useState(false);
  const names: Record<AltAct, string> = {
    answer: t.keys.answer,
    mute: t.keys.mute,
    hold: t.keys.hold,
    transfer: t.keys.transfer,
    verify: t.keys.verify,
    hang_up: t.keys.hangUp,
    notes: t.keys.notes,
    wrap_up: t.keys.wrapUp,
    ready: t.keys.ready,
    tab_payment: t.keys.tab(t.customer.tabs.payment),
    tab_account: t.keys.tab(t.customer.tabs.account),
    tab_refunds: t.keys.tab(t.customer.tabs.refunds),
    tab_cases: t.keys.tab(t.customer.tabs.cases),
  };
  return (
    <div>
      <dt>
        <button
          type="button"
          className="key-button"
          aria-label={`${names[act]}: ${isLearning ? t.keys.press : labels[act]}`}
          {...(isLearning ? { [LEARNS_KEYS]: "" } : {})}
          onClick={() => setLearning(true)}
          onBlur={() => setLearning(false)}
          onKeyDown={(event) => {
            if (!isLearning || event.code.startsWith("Alt")) return;
            if (event.code === "Tab") return;
            event.preventDefault();
            event.stopPropagation();
            if (event.code === "Escape" || shortcutSettings.bind(act, event.code)) setLearning(false);
          }}
        >
          {isLearning ? t.keys.press : labels[act]}
        </button>
      </dt>
      <dd>{names[act]}</dd>
    </div>
  );
}
