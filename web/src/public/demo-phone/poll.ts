// Looking again and again at something that changes: never while the page is hidden, at once when it is seen again, and
// never two looks at the same time.

/** Calls `look` now and then every `every_ms` after the one before ended. Returns the stop. `look` must not throw. */
export function poll(look: () => Promise<void>, every_ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isLooking = false;
  let isStopped = false;

  const run = async () => {
    if (isLooking || isStopped || document.hidden) return;
    if (timer !== null) clearTimeout(timer);
    isLooking = true;
    await look();
    isLooking = false;
    if (!isStopped) timer = setTimeout(() => void run(), every_ms);
  };
  const onVisible = () => void run();

  document.addEventListener("visibilitychange", onVisible);
  void run();
  return () => {
    isStopped = true;
    if (timer !== null) clearTimeout(timer);
    document.removeEventListener("visibilitychange", onVisible);
  };
}
