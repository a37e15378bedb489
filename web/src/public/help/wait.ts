// Keeps the wait on the page fresh: asks again every few seconds while the page is looked at, and is answered with nothing while
// nothing has changed. It writes only what the page itself gave it words for.

interface WaitNow {
  answer: "soon" | "range" | "cannot_say" | "closed";
  minutes: { from: number; to: number } | null;
  poll_s: number;
}

/** What is said of an answer, in the words of the page. */
export function words(data: DOMStringMap, now: WaitNow): string {
  const said = { soon: data.soon, range: data.range, cannot_say: data.cannotSay, closed: data.closed }[now.answer];
  const minutes = now.minutes ?? { from: 0, to: 0 };
  return (said ?? "").replace("{from}", String(minutes.from)).replace("{to}", String(minutes.to));
}

/** Starts asking for the wait that the page shows, if it shows one; returns what stops it. */
export function keepWaitFresh(page: ParentNode): () => void {
  const shown = page.querySelector<HTMLElement>("[data-line][data-range]");
  const text = shown?.querySelector("strong");
  if (!shown || !text) return () => {};
  page.querySelector("[data-live]")?.removeAttribute("hidden");
  let tag = "";
  let timer = 0;
  let stopped = false;
  const ask = async () => {
    let wait = 10;
    if (document.visibilityState === "visible") {
      try {
        const headers: HeadersInit = tag ? { "If-None-Match": tag } : {};
        const line = encodeURIComponent(shown.dataset.line ?? "");
        const answer = await fetch(`/api/public/wait?line=${line}`, { headers, cache: "no-store" });
        if (answer.status === 200) {
          tag = answer.headers.get("ETag") ?? "";
          const now = (await answer.json()) as WaitNow;
          wait = now.poll_s;
          const said = words(shown.dataset, now);
          if (text.textContent !== said) text.textContent = said;
        } else if (answer.status === 429) {
          wait = Number(answer.headers.get("Retry-After") ?? 60);
        }
      } catch {
        wait = 30;
      }
    }
    if (!stopped) timer = window.setTimeout(ask, wait * 1000);
  };
  timer = window.setTimeout(ask, 1000);
  return () => {
    stopped = true;
    window.clearTimeout(timer);
  };
}
