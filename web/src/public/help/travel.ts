// Going from page to page while a call is up: the next page is fetched and put in place of this one, so that the call is not
// cut off. Without a call, links and forms are the browser's own business.

import { replacePage } from "./pages.ts";

type Travel = {
  /** Whether a call is up. */
  isCalling: () => boolean;
  /** A page could not be fetched. */
  onUnreachable: () => void;
};

/** Pages that have a place for the call. Others open in a tab of their own. */
const OURS = /^\/(help|official-numbers|n)(\/|$)/;

export function travelDuringCalls({ isCalling, onUnreachable }: Travel): void {
  /** What is shown: the browser's address changes before we know of it. */
  let shown = location.pathname + location.search;
  let latest = 0;

  const go = async (request: Request, keepsAddress: boolean): Promise<void> => {
    latest += 1;
    const turn = latest;
    try {
      const response = await fetch(request);
      const html = await response.text();
      if (turn !== latest) return;
      replacePage(html);
      const url = new URL(response.url);
      shown = url.pathname + url.search;
      if (!keepsAddress) history.pushState(null, "", url.pathname + url.search + new URL(request.url).hash);
      scrollTo(0, 0);
      document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
    } catch {
      if (turn === latest) onUnreachable();
    }
  };

  document.addEventListener("click", (event) => {
    if (!isCalling() || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || (link.target !== "" && link.target !== "_self") || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (!/^https?:$/.test(url.protocol) || (url.hash !== "" && url.pathname + url.search === shown)) return;
    event.preventDefault();
    if (url.origin === location.origin && OURS.test(url.pathname)) void go(new Request(url), false);
    else open(url, "_blank", "noopener");
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!isCalling() || event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    const url = new URL(form.action);
    if (url.origin !== location.origin || !OURS.test(url.pathname)) return;
    event.preventDefault();
    void go(requestOf(form, url, event.submitter), false);
  });

  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) void go(new Request(location.href), true);
  });
}

/** What the browser would send for a form. */
function requestOf(form: HTMLFormElement, url: URL, submitter: HTMLElement | null): Request {
  const data = new FormData(form, submitter);
  const texts = new URLSearchParams([...data].filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  if (form.method !== "post") {
    url.search = texts.toString();
    return new Request(url);
  }
  return new Request(url, { method: "POST", body: form.enctype === "multipart/form-data" ? data : texts });
}
