// Has the browser keep the page with the official numbers, after everything that the visitor came for is there.

export function keepOfflinePage(): void {
  if (!("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    navigator.serviceWorker.register("/help/worker.js", { scope: "/help" }).then(
      (registration) => registration.active?.postMessage("keep fresh"),
      () => undefined,
    );
  });
}
