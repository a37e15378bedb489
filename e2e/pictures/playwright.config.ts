// Takes the pictures of the documentation, one after the other.

import { defineConfig } from "@playwright/test";
import tests from "../playwright.config.ts";

export default defineConfig({ ...tests, projects: [{}], testDir: ".", outputDir: "../out/pictures", workers: 1, reporter: "list" });
