// Has the browser keep what is read without a network, after everything that the visitor came for is there.

/** What the worker sees: the help centre and the official numbers. Not all of the origin, because the desk is no business of its. */
const SCOPES = ["/help", "/official-numbers"];

export function keepOfflinePage(): void {
  if (!("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    for (const scope of SCOPES)
      navigator.serviceWorker.register("/help/worker.js", { scope }).then(
        (registration) => registration.active?.postMessage("keep fresh"),
        () => undefined,
      );
  });
}
