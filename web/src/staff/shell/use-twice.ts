// A press that cannot be taken back: the first one asks, and is announced; the second one does it. Left alone, it asks again.

import { useEffect, useState } from "react";
import { announce } from "./announce.ts";

/** How long the second press may take, milliseconds. */
const ARMED_MS = 5_000;

export function useTwice(question: string, act: () => void): { isArmed: boolean; press: () => void } {
  const [isArmed, arm] = useState(false);
  useEffect(() => {
    if (!isArmed) return;
    const timer = setTimeout(() => arm(false), ARMED_MS);
    return () => clearTimeout(timer);
  }, [isArmed]);
  const press = () => {
    arm(!isArmed);
    if (isArmed) act();
    else announce(question);
  };
  return { isArmed, press };
}
