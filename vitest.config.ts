import { defineConfig } from "vitest/config"

/** One project a level of test; those that need PostgreSQL share one throwaway server for the whole run, and those of
 * the built program build it first. */
const level = (name: string, include: string[], ...globalSetup: string[]) => ({
  test: {
    name,
    include,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup,
  },
})

const SERVERS = "test/support/servers.ts"
const BUILD = "test/support/build.ts"

/** Scenarios that measure, so one at a time and nothing beside them; in `npm test` in their short sizes. */
const faults = {
  test: {
    ...level("faults", ["test/faults/**/*.test.ts"], BUILD, SERVERS).test,
    fileParallelism: false,
    setupFiles: "test/faults/support/setup.ts",
  },
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    projects: [
      level("unit", ["test/architecture.test.ts", "test/unit/**/*.test.ts"]),
      level("screens", ["test/screens/**/*.test.tsx"]),
      level("redis", ["test/redis/**/*.test.ts"]),
      level("services", ["test/services/**/*.test.ts"], SERVERS),
      level("cli", ["test/cli/**/*.test.ts"], BUILD, SERVERS),
      level("e2e", ["test/e2e/**/*.test.ts"], BUILD, SERVERS),
      faults,
    ],
  },
})
