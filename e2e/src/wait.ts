// Waiting for the thing itself: a condition, polled, with a generous end. Nothing here asserts how fast something was.

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Between two looks, milliseconds. Each may be a request that the hotline puts on record, so that impatience would be its load. */
const LOOK_MS = 100;

/** Resolves with the first value of `ask` that is neither false, null nor undefined. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  seconds = 20,
  seen: () => string = () => "",
): Promise<NonNullable<Exclude<T, false>>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (value !== false && value !== null && value !== undefined) return value as NonNullable<Exclude<T, false>>;
    if (Date.now() > end) throw new Error(`${seconds} s passed and not: ${what} ${seen()}`.trim());
    await sleep(LOOK_MS);
  }
}
