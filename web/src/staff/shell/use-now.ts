// The time, to the second, on the server's clock: for waits, countdowns and ages.

import { useEffect, useState } from "react";

const TICK_MS = 1_000;

/** Milliseconds since the epoch, once a second, shifted by `offset_ms`. */
export function useNow(offset_ms: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now + offset_ms;
}
