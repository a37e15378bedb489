// Builds all UIs into dist/ and precompresses what compresses (gzip, Brotli), so that the server never spends a call's
// CPU on it. Staff first: it empties the folder.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const web = fileURLToPath(new URL("..", import.meta.url));

for (const mode of ["staff", "public", "site"]) {
  const run = spawnSync("npx", ["vite", "build", "--mode", mode, "--logLevel", "warn"], { cwd: web, stdio: "inherit" });
  if (run.status !== 0) process.exit(run.status ?? 1);
}

const COMPRESSIBLE = /\.(js|css|html|svg|json)$/;
let files = 0;
let bytes = 0;
for (const entry of readdirSync(join(web, "dist"), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: quality }));
  files += 1;
  bytes += content.length;
}
console.log(`web: ${files} files, ${Math.round(bytes / 1024)} KiB, built and compressed into dist/`);
