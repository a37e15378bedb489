// Keeps two pages for when there is no network: the one that says so, with the numbers to call, and the official numbers as they
// were last seen, in whichever language and for whichever wallet; and their style. Nothing else, so that nobody reads what was true
// last month. Whatever can be fetched is fetched.

// The library of types for pages and the one for workers exclude each other; these few are all that is used here.
type Extendable = Event & { waitUntil: (done: Promise<unknown>) => void };
type Fetching = Extendable & { request: Request; respondWith: (response: Promise<Response>) => void };

const CACHE = "walletline-offline";
const PAGE = "/help/offline";
const NUMBERS = "/official-numbers";

/** A kept page is fetched anew when it is older, milliseconds: a number may have changed. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

addEventListener("install", (event) => (event as Extendable).waitUntil(keep()));

addEventListener("message", (event) => (event as unknown as Extendable).waitUntil(keepFresh()));

addEventListener("fetch", (event) => {
  const { request, respondWith } = event as Fetching;
  if (request.mode === "navigate") respondWith.call(event, visited(event as Fetching));
  else if (request.destination === "style")
    respondWith.call(
      event,
      fetch(request).catch(() => kept(request.url)),
    );
});

async function visited(event: Fetching): Promise<Response> {
  const url = new URL(event.request.url);
  try {
    const response = await fetch(event.request);
    if (url.pathname === NUMBERS && response.ok) event.waitUntil(seen(response.clone()));
    return response;
  } catch {
    return url.pathname === NUMBERS ? keptNumbers(url.searchParams.get("wallet")) : kept(PAGE);
  }
}

/** The official numbers were shown: this is the page that is kept. */
async function seen(page: Response): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(NUMBERS, page);
}

/** The official numbers as they were last seen. Numbers of another wallet are not shown for the one asked for. */
async function keptNumbers(wallet: string | null): Promise<Response> {
  const page = await kept(NUMBERS);
  if (page.type === "error") return kept(PAGE);
  const isOther = wallet !== null && !(await page.clone().text()).includes(`data-wallet="${wallet}"`);
  return isOther ? kept(PAGE) : page;
}

/** Both pages and what they need, all of it or nothing; then what an earlier build left goes. */
async function keep(): Promise<void> {
  const [page, numbers] = await Promise.all([fresh(PAGE), fresh(NUMBERS)]);
  const html = await page.clone().text();
  const styles = [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href ?? "");
  const cache = await caches.open(CACHE);
  await cache.addAll(styles);
  await Promise.all([cache.put(PAGE, page), cache.put(NUMBERS, numbers)]);
  const wanted = new Set([PAGE, NUMBERS, ...styles]);
  const old = (await cache.keys()).filter(({ url }) => !wanted.has(new URL(url).pathname));
  await Promise.all(old.map((request) => cache.delete(request)));
}

async function fresh(path: string): Promise<Response> {
  const response = await fetch(path, { cache: "reload" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

async function keepFresh(): Promise<void> {
  const page = await caches.match(PAGE);
  const at = Date.parse(page?.headers.get("date") ?? "");
  if (!page || Number.isNaN(at) || Date.now() - at > KEPT_MS) await keep().catch(() => undefined);
}

async function kept(url: string): Promise<Response> {
  return (await caches.match(url)) ?? Response.error();
}
