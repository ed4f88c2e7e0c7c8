import { defineConfig } from "vitest/config"

/** A run of one test, which holds servers until it is interrupted. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["held.test.ts"],
    globalSetup: ["../run-directory.ts", "../servers.ts"],
    testTimeout: 120_000,
  },
})
