// Takes the figures of docs/performance.md; no part of the normal run.

import { defineConfig } from "@playwright/test";
import tests from "../playwright.config.ts";

export default defineConfig({ ...tests, projects: [{}], testDir: ".", outputDir: "../out/figures-results", timeout: 900_000, workers: 1, reporter: "list" });
