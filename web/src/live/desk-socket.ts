// The live connection of this tab, on the browser's own WebSocket, worker and clock. One per page: it outlives every
// component, so that nothing a screen does can end a call.

import { LiveSocket, type SocketLike } from "./socket.ts";

const scheme = () => (location.protocol === "https:" ? "wss:" : "ws:");

export const live = new LiveSocket(`${scheme()}//${location.host}/api/v1/live`, {
  connect: (url) => new WebSocket(url) as SocketLike,
  heartbeat: (tick) => {
    const worker = new Worker(new URL("./heartbeat.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = tick;
    return () => worker.terminate();
  },
  now_ms: () => Date.now(),
  later: (act, delay_ms) => {
    const timer = setTimeout(act, delay_ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
});
