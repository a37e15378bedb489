// A clock that a background tab cannot slow down: browsers throttle a page's timers, not a worker's. It only ticks.

/** Between heartbeats, milliseconds; the server calls a desk unreachable after two missed ones. */
const HEARTBEAT_MS = 5_000;

setInterval(() => postMessage("tick"), HEARTBEAT_MS);
