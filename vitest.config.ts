import { defineConfig } from "vitest/config"

/** One project a level of test; those that need PostgreSQL share one throwaway server for the whole run. */
const level = (name: string, include: string[], servers: boolean) => ({
  test: {
    name,
    include,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...(servers ? { globalSetup: ["test/support/servers.ts"] } : {}),
  },
})

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    projects: [
      level("unit", ["test/architecture.test.ts", "test/unit/**/*.test.ts"], false),
      level("screens", ["test/screens/**/*.test.tsx"], false),
      level("redis", ["test/redis/**/*.test.ts"], false),
      level("services", ["test/services/**/*.test.ts"], true),
      level("cli", ["test/cli/**/*.test.ts"], true),
      level("e2e", ["test/e2e/**/*.test.ts"], true),
    ],
  },
})
