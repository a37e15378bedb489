// Keeps the page with the official numbers for when there is no network, and its style; nothing else, so that nobody reads what
// was true last month. Whatever can be fetched is fetched.

// The library of types for pages and the one for workers exclude each other; these few are all that is used here.
type Extendable = Event & { waitUntil: (done: Promise<unknown>) => void };
type Fetching = Extendable & { request: Request; respondWith: (response: Promise<Response>) => void };

const CACHE = "walletline-offline";
const PAGE = "/help/offline";

/** A kept page is fetched anew when it is older, milliseconds: a number may have changed. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

addEventListener("install", (event) => (event as Extendable).waitUntil(keep()));

addEventListener("message", (event) => (event as unknown as Extendable).waitUntil(keepFresh()));

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as Fetching;
  if (request.mode === "navigate")
    respondWith.call(
      event,
      fetch(request).catch(() => kept(PAGE)),
    );
  else if (request.destination === "style")
    respondWith.call(
      event,
      fetch(request).catch(() => kept(request.url)),
    );
});

/** The page and what it needs, all of it or nothing. */
async function keep(): Promise<void> {
  const response = await fetch(PAGE, { cache: "reload" });
  if (!response.ok) throw new Error(`${PAGE}: ${response.status}`);
  const html = await response.clone().text();
  const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href ?? "");
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  await cache.addAll(styles);
  await cache.put(PAGE, response);
}

async function keepFresh(): Promise<void> {
  const page = await caches.match(PAGE);
  const at = Date.parse(page?.headers.get("date") ?? "");
  if (!page || Number.isNaN(at) || Date.now() - at > KEPT_MS) await keep().catch(() => undefined);
}

async function kept(url: string): Promise<Response> {
  return (await caches.match(url)) ?? Response.error();
}
