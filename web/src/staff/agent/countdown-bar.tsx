// A bar that runs out, with the same in figures. The figure is for everyone; the bar is decoration.

import { useEffect, useRef } from "react";

export function CountdownBar({ text, share }: { text: string; share: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  const clamped = Math.min(1, Math.max(0, share));
  useEffect(() => {
    bar.current?.style.setProperty("transform", `scaleX(${clamped})`);
  }, [clamped]);
  return (
    <div className="countdown" data-urgent={clamped < 0.3}>
      <span className="countdown-track" aria-hidden="true">
        <span ref={bar} className="countdown-bar" />
      </span>
      <span className="figures small">{text}</span>
    </div>
  );
}
