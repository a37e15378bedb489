// Results while somebody types. The field's form leads to the page of results by itself; this only saves the way there. One
// request at a time: what was typed meanwhile is asked when the answer is there.

type Found = { slug: string; title: string; summary: string };

/** A pause in typing, milliseconds. */
const PAUSE_MS = 200;

export function addSearch(): (() => void) | undefined {
  const field = document.querySelector<HTMLInputElement>("form.search input[name=q]");
  const place = document.querySelector<HTMLElement>(".hero [data-results]");
  const status = document.querySelector<HTMLElement>(".hero [role=status]");
  if (!field || !place || !status) return;
  const { wallet = "" } = document.body.dataset;
  const { lang } = document.documentElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;
  let shown = "";

  const ask = async (): Promise<void> => {
    const question = field.value.trim();
    if (asking || question === shown) return;
    if (question === "") {
      shown = "";
      status.textContent = "";
      place.replaceChildren();
      return;
    }
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ q: question, wallet, lang });
      const response = await fetch(`/api/public/articles?${query}`, { signal: asking.signal });
      if (!response.ok) return;
      shown = question;
      const found = (await response.json()) as Found[];
      status.textContent = said(status, found.length);
      show(place, found);
    } catch {
      // Without an answer the form still leads to the page of results.
    } finally {
      asking = null;
    }
    if (field.value.trim() !== question) void ask();
  };

  field.oninput = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), PAUSE_MS);
  };
  return () => {
    clearTimeout(timer);
    asking?.abort();
  };
}

/** How many were found, in the page's own words. */
function said({ dataset }: HTMLElement, count: number): string {
  return count === 0 ? (dataset.nothing ?? "") : `${dataset.foundBefore}${count}${dataset.foundAfter}`;
}

function show(place: HTMLElement, found: Found[]): void {
  const items = found.map(({ slug, title, summary }) => {
    const link = document.createElement("a");
    link.href = `/help/articles/${slug}`;
    const [strong, span] = [document.createElement("strong"), document.createElement("span")];
    strong.textContent = title;
    span.className = "muted";
    span.textContent = summary;
    link.append(strong, span);
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  const list = document.createElement("ul");
  list.className = "links card";
  list.append(...items);
  place.replaceChildren(...(items.length > 0 ? [list] : []));
}
