// Two strips that move with the voices. They are drawn past React, ten times a second, and are never announced.

import { useEffect, useRef } from "react";
import { useStaff } from "../../i18n/use-staff.ts";
import { engine } from "../shell/calls.ts";

const DRAW_MS = 100;

export function LevelStrip({ isMuted }: { isMuted: boolean }) {
  const t = useStaff();
  const strip = useRef<HTMLDivElement>(null);
  const rx = useRef<HTMLSpanElement>(null);
  const tx = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      const levels = engine.levels();
      if (strip.current) {
        strip.current.dataset.rxLevel = String(levels.rx);
        strip.current.dataset.txLevel = String(levels.tx);
      }
      rx.current?.style.setProperty("transform", `scaleX(${levels.rx / 100})`);
      tx.current?.style.setProperty("transform", `scaleX(${levels.tx / 100})`);
    }, DRAW_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div ref={strip} className="levels" role="img" aria-label={t.call.levels} data-rx-level="0" data-tx-level="0">
      <span className="level-name">{t.call.them}</span>
      <span className="level-track">
        <span ref={rx} className="level-bar" />
      </span>
      <span className="level-name">{t.call.you}</span>
      <span className="level-track" data-muted={isMuted}>
        <span ref={tx} className="level-bar" />
      </span>
    </div>
  );
}
