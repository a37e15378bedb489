// How the contact ended: six likely results by digit, all others one press away, a remark, and Finish.

import { useState } from "react";
import { Label, Radio, RadioGroup, TextArea, TextField } from "react-aria-components";
import type { Disposition } from "../../api/types.ts";
import { Icon } from "../../design/icons.tsx";
import { useStaff } from "../../i18n/use-staff.ts";
import { Button } from "../../ui/button.tsx";
import { RANKED } from "./dispositions.ts";
import { useKeyLabels } from "./use-shortcuts.ts";
import type { WrapUpControl } from "./use-wrap-up.ts";

/** The server's bound on a remark. */
const REMARK_MAX = 4_000;

export function WrapUpPanel({ control }: { control: WrapUpControl }) {
  const keys = useKeyLabels();
  const t = useStaff();
  return (
    <section id="wrap-up" className="wrap-up" aria-labelledby="wrap-up-title" data-due={control.isDue}>
      <header className="section-head">
        <h2 id="wrap-up-title" className="section-title">
          {t.wrapUp.heading}{" "}
          <span className="kbd" aria-hidden="true">
            {keys.wrap_up}
          </span>
        </h2>
        {!control.isDue && (
          <button
            type="button"
            className="button button-quiet button-small"
            aria-expanded={control.isOpen}
            aria-controls="wrap-up-body"
            onClick={control.toggle}
          >
            {control.isOpen ? t.wrapUp.fewer : t.wrapUp.open}
          </button>
        )}
      </header>
      <div id="wrap-up-body" className="wrap-up-body" hidden={!control.isOpen}>
        {control.isOpen && <Body control={control} />}
      </div>
    </section>
  );
}

function Body({ control }: { control: WrapUpControl }) {
  const t = useStaff();
  const isRanked = control.code === null || control.codes.indexOf(control.code) < RANKED;
  const [showsAll, setShowsAll] = useState(!isRanked);
  const shown = showsAll ? control.codes : control.codes.slice(0, RANKED);
  const finishHint = !control.isDue ? t.wrapUp.afterCall : control.code === null ? t.wrapUp.chooseCode : null;
  return (
    <>
      <RadioGroup
        className="codes"
        aria-label={t.wrapUp.code}
        value={control.code}
        onChange={(code) => control.choose(code as Disposition)}
      >
        {shown.map((code, index) => (
          <Radio key={code} value={code} className="code">
            {index < RANKED ? (
              <span className="kbd" aria-hidden="true">
                {index + 1}
              </span>
            ) : (
              <span className="code-gap" />
            )}
            <span className="code-text">{t.dispositions[code]}</span>
            <Icon name="check" size={16} />
          </Radio>
        ))}
      </RadioGroup>
      <button
        type="button"
        className="button button-quiet button-small"
        aria-expanded={showsAll}
        onClick={() => setShowsAll(!showsAll)}
      >
        {showsAll ? t.wrapUp.fewer : t.wrapUp.all}
      </button>
      <TextField className="field" value={control.remark} onChange={control.setRemark} maxLength={REMARK_MAX}>
        <Label>{t.wrapUp.remark}</Label>
        <TextArea rows={2} />
      </TextField>
      <div className="finish">
        <Button
          tone="accent"
          size="large"
          keys="Ctrl+Enter"
          onPress={control.finish}
          isDisabled={finishHint !== null || control.isFinishing}
        >
          {control.isFinishing ? t.wrapUp.finishing : t.wrapUp.finish}
        </Button>
        {finishHint && <p className="muted small">{finishHint}</p>}
      </div>
    </>
  );
}
