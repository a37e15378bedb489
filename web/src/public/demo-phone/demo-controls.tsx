// What a demonstration needs beside the phone: time that passes, a wallet that fails, and a way back to the start. All of
// it exists in demonstrations only.

import { useState } from "react";
import { demoApi } from "../../api/client.ts";
import { type ProblemSlug, slugOfError } from "../../api/problem.ts";
import { Icon } from "../../design/icons.tsx";
import { usePhone } from "../../i18n/use-phone.ts";
import { useProblems } from "../../i18n/use-problems.ts";
import type { PhoneMessages } from "../../i18n/zh-CN/phone.ts";
import { FAULTS, OPERATIONS, orderOf, type WalletFault, type WalletOperation } from "./faults.ts";
import { Ledger } from "./ledger.tsx";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

type Act = keyof PhoneMessages["controls"]["done"];
type Result = { done: Act } | { problem: ProblemSlug } | "busy" | null;
type Run = (act: Act, send: () => Promise<void>) => void;

export function DemoControls() {
  const t = usePhone();
  const [isOpen, setOpen] = useState(false);
  const [result, setResult] = useState<Result>(null);
  const isBusy = result === "busy";

  const run: Run = async (act, send) => {
    if (isBusy) return;
    setResult("busy");
    try {
      await send();
      setResult({ done: act });
    } catch (error) {
      setResult({ problem: slugOfError(error) });
    }
  };

  return (
    <details className="panel controls" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{t.controls.heading}</h2>
        <Icon name="down" />
      </summary>
      <div className="control-group">
        <h3>{t.controls.clock}</h3>
        <p className="muted">{t.controls.clockHint}</p>
        <div className="control-row">
          <button type="button" className="plain" onClick={() => run("hour", () => demoApi.advanceClock(HOUR_S))}>
            {t.controls.hour}
          </button>
          <button type="button" className="plain" onClick={() => run("day", () => demoApi.advanceClock(DAY_S))}>
            {t.controls.day}
          </button>
        </div>
      </div>
      <Faults run={run} />
      <div className="control-group">
        <p className="muted">{t.controls.resetHint}</p>
        <button type="button" className="plain" onClick={() => run("reset", demoApi.reset)}>
          {t.controls.reset}
        </button>
      </div>
      <ResultLine result={result} />
      {isOpen && <Ledger />}
    </details>
  );
}

function ResultLine({ result }: { result: Result }) {
  const t = usePhone();
  const problems = useProblems();
  const isProblem = result !== null && result !== "busy" && "problem" in result;
  return (
    <p role="status" className={`control-result ${isProblem ? "status-bad" : "status-ok"}`}>
      {result === "busy" && t.controls.busy}
      {result !== null &&
        result !== "busy" &&
        ("done" in result ? t.controls.done[result.done] : problems[result.problem])}
    </p>
  );
}

function Faults({ run }: { run: Run }) {
  const t = usePhone();
  const [operation, setOperation] = useState<WalletOperation>("freeze");
  const [fault, setFault] = useState<WalletFault>("timeout_after");
  const [count, setCount] = useState("1");
  const ordered = orderOf(operation, fault, count);
  return (
    <form
      className="control-group"
      onSubmit={(event) => {
        event.preventDefault();
        if ("order" in ordered) run("order", () => demoApi.orderFault(ordered.order));
      }}
    >
      <h3>{t.controls.fault}</h3>
      <label>
        {t.controls.operation}
        <select value={operation} onChange={(event) => setOperation(event.currentTarget.value as WalletOperation)}>
          {OPERATIONS.map((name) => (
            <option key={name} value={name}>
              {t.controls.operations[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.controls.kind}
        <select value={fault} onChange={(event) => setFault(event.currentTarget.value as WalletFault)}>
          {FAULTS.map((name) => (
            <option key={name} value={name}>
              {t.controls.kinds[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.controls.count}
        <input inputMode="numeric" value={count} onInput={(event) => setCount(event.currentTarget.value)} />
      </label>
      {"wrong" in ordered && <p className="status-bad">{t.controls[ordered.wrong]}</p>}
      <div className="control-row">
        <button type="submit" className="plain" disabled={"wrong" in ordered}>
          {t.controls.order}
        </button>
        <button
          type="button"
          className="plain"
          onClick={() => run("cancel", () => demoApi.orderFault({ operation, fault: "fail", count: 0 }))}
        >
          {t.controls.cancel}
        </button>
      </div>
    </form>
  );
}
