// Fails when a first load outgrows its budget: everything a page's HTML names, and what that imports, gzipped.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../dist", import.meta.url));

const BUDGETS = [
  { page: "desk/index.html", what: "staff first load", counts: /\.(js|css)$/, max_kib: 250 },
  { entry: "src/public/help/main.ts", what: "JavaScript of the public pages", counts: /\.js$/, max_kib: 25 },
  { page: "demo/phone.html", what: "JavaScript of the demo phone", counts: /\.js$/, max_kib: 25 },
];

/** What a page names: the server makes the public pages, so theirs stands in the build's manifest. */
function named({ page, entry }) {
  if (entry) return [JSON.parse(readFileSync(join(dist, "manifest-public.json"), "utf8"))[entry].file];
  const html = readFileSync(join(dist, page), "utf8");
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, url]) => url);
}

/** Files that load with the page, by static import; what is imported on demand does not count. */
function firstLoad(budget) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path) || !existsSync(path)) return;
    found.add(path);
    if (!path.endsWith(".js")) return;
    for (const [, from] of readFileSync(path, "utf8").matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
      visit(resolve(dirname(path), from));
    }
  };
  for (const url of named(budget)) visit(join(dist, url));
  return [...found];
}

let failed = 0;
for (const budget of BUDGETS) {
  const { what, counts, max_kib } = budget;
  const files = firstLoad(budget).filter((path) => counts.test(path));
  if (files.length === 0) throw new Error(`${what}: no file is named: is it built?`);
  const kib = files.reduce((sum, path) => sum + readFileSync(`${path}.gz`).length, 0) / 1024;
  const verdict = kib <= max_kib ? "ok" : "OVER";
  if (kib > max_kib) failed += 1;
  console.log(`${what}: ${kib.toFixed(1)} KiB gzip of ${max_kib} · ${verdict}`);
}
process.exit(failed === 0 ? 0 : 1);
