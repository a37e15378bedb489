// Fails when a first load outgrows its budget: everything a page's HTML names, and what that imports, gzipped.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

const BUDGETS = [
  { page: "desk/index.html", what: "staff first load", counts: /\.(js|css)$/, max_kib: 250 },
  { page: "demo/phone.html", what: "public JavaScript", counts: /\.js$/, max_kib: 25 },
];

/** Files that load with the page, by static import; what is imported on demand does not count. */
function firstLoad(page) {
  const html = readFileSync(join(dist, page), "utf8");
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    if (!path.endsWith(".js")) return;
    for (const [, from] of readFileSync(path, "utf8").matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
      visit(resolve(dirname(path), from));
    }
  };
  for (const [, url] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) visit(join(dist, url));
  return [...found];
}

let failed = 0;
for (const { page, what, counts, max_kib } of BUDGETS) {
  const files = firstLoad(page).filter((path) => counts.test(path));
  if (files.length === 0) throw new Error(`${page} names no file: is it built?`);
  const kib = files.reduce((sum, path) => sum + readFileSync(`${path}.gz`).length, 0) / 1024;
  const verdict = kib <= max_kib ? "ok" : "OVER";
  if (kib > max_kib) failed += 1;
  console.log(`${what}: ${kib.toFixed(1)} KiB gzip of ${max_kib} · ${verdict}`);
}
process.exit(failed === 0 ? 0 : 1);
