// Two builds from one tree: `--mode staff` (React, the desk) and `--mode public` (the same TSX with `react` aliased to
// Preact). Neither may inline a script, a style or an asset into the page: the server's CSP refuses them.

import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const PREACT = {
  "react-dom/client": "preact/compat/client",
  "react-dom": "preact/compat",
  "react/jsx-runtime": "preact/jsx-runtime",
  react: "preact/compat",
};

/** Where `npm run dev` finds the program; `walletline serve --demo` listens there. */
const SERVER = "http://127.0.0.1:8080";

export default defineConfig(({ mode }) => {
  const isPublic = mode === "public";
  const proxy = { target: SERVER, ws: true };
  return {
    base: "/",
    publicDir: false,
    resolve: isPublic ? { alias: PREACT } : {},
    plugins: [
      react(),
      ...(isPublic ? [] : [{ ...optimizeLocales.vite({ locales: ["zh-CN", "en-US"] }), enforce: "pre" as const }]),
    ],
    build: {
      outDir: "dist",
      // The staff build runs first and empties the folder; the public one adds to it.
      emptyOutDir: !isPublic,
      target: ["chrome123", "firefox121", "safari17.5"],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // Pages that the server makes look up here what their script and style are called.
      manifest: isPublic ? "manifest-public.json" : false,
      // One file per build: the first screen needs nearly all of it, and scripts/budget.mjs holds its size.
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        input: isPublic ? { phone: "demo/phone.html", help: "src/public/help/main.ts" } : { desk: "desk/index.html" },
        output: {
          entryFileNames: `assets/${mode}-[name]-[hash].js`,
          chunkFileNames: `assets/${mode}-[name]-[hash].js`,
          assetFileNames: `assets/${mode}-[name]-[hash][extname]`,
        },
      },
    },
    server: { port: 5173, proxy: { "/api": proxy, "/demo/api": proxy } },
  };
});
