// Unit tests: the reducer law, the socket's gap rule, the call machine, words, keys and drafts. Nothing here opens a
// network connection; real calls are driven from outside, against the real program.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
