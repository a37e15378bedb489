// Of all tabs of a browser, one may hold a call: two would fight for the microphone.

const LOCK = "walletline-call";

/**
 * Takes the browser's one place for a call: gives back how to leave it, or null when another tab holds it. A browser without
 * locks has one place in each tab.
 */
export function takePlace(locks: LockManager | undefined): Promise<(() => void) | null> {
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    const held = locks.request(LOCK, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return;
      }
      return new Promise<void>((leave) => resolve(leave));
    });
    held.catch(reject);
  });
}
