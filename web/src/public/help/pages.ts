// What a script adds to a page, begun when the page is there and ended when another takes its place. It holds no state of a
// call.

/** Adds something to the page; gives back how to end it, where that is needed. */
export type Addition = () => (() => void) | undefined;

const additions: Addition[] = [];
let endings: (() => void)[] = [];

/** Has `addition` begun on this page and on each that follows. */
export function onPage(addition: Addition): void {
  additions.push(addition);
}

/** Begins everything on the page that is there now. */
export function beginPage(): void {
  for (const end of endings) end();
  endings = additions.map((begin) => begin()).filter((end) => end !== undefined);
}

/** Puts another page's header, content and footer in place of this one's. The call's place is left as it is. */
export function replacePage(html: string): void {
  const other = new DOMParser().parseFromString(html, "text/html");
  const main = other.querySelector("#main");
  if (!main) throw new Error("not a page of ours");
  document.title = other.title;
  document.documentElement.lang = other.documentElement.lang;
  const { theme } = other.documentElement.dataset;
  if (theme === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.body.dataset.wallet = other.body.dataset.wallet;
  for (const part of ["header.site", "#main", "footer.site"]) {
    const [old, fresh] = [document.querySelector(part), other.querySelector(part)];
    if (old && fresh) old.replaceWith(document.adoptNode(fresh));
  }
  beginPage();
}
