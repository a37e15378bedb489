// On a small screen the menu scrolls sideways: brings the entry of this page into sight. It moves nothing else.

export function showWhereThisIs(): undefined {
  const menu = document.querySelector<HTMLElement>(".menu");
  const here = menu?.querySelector<HTMLElement>("[aria-current]");
  if (!menu || !here) return;
  const [row, entry] = [menu.getBoundingClientRect(), here.getBoundingClientRect()];
  menu.scrollLeft += entry.left - row.left - (row.width - entry.width) / 2;
}
