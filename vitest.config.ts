import { resolve } from "node:path"
import type { Plugin } from "vite"
import { defineConfig } from "vitest/config"
import { sizeOfRun } from "./test/faults/support/size.ts"

/** One project a level of test; those that need PostgreSQL share one throwaway server for the whole run, and those of
 * the built program build it first. */
const level = (name: string, include: string[], ...globalSetup: string[]) => ({
  test: {
    name,
    include,
    // Longer than a wait that fails (test/support/waiting.ts), which says for what it was.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ["test/support/run-directory.ts", ...globalSetup],
    // Modules are loaded once a worker, not once a file.
    isolate: false,
  },
})

const SERVERS = "test/support/servers.ts"
const BUILD = "test/support/build.ts"

/** As in the build: frames of Ink's are put together from rows. */
const inkDrawsRows: Plugin = {
  name: "ink-draws-rows",
  enforce: "pre",
  resolveId: (source, importer = "") =>
    source === "./output.js" && /ink\/build\/renderer\.js$/.test(importer)
      ? resolve("src/ui/terminal/row-output.ts")
      : undefined,
}

/** Screens, on React and Ink as they ship. */
const screens = {
  test: {
    ...level("screens", ["test/screens/**/*.test.tsx"]).test,
    // What is not inlined is out of the reach of the plugin and the alias.
    server: { deps: { inline: ["ink", "ink-testing-library"] } },
    // Where nothing tells the size of the terminal, Ink starts a process that does, at every frame.
    env: { NODE_ENV: "production", COLUMNS: "100", LINES: "30" },
  },
  plugins: [inkDrawsRows],
  resolve: { alias: { "string-width": resolve("src/domain/text-width.ts") } },
  oxc: { jsx: { development: false } },
}

/** Scenarios; in full size they measure, so one at a time and nothing beside them. */
const faults = {
  test: {
    ...level("faults", ["test/faults/**/*.test.ts"], BUILD, SERVERS).test,
    fileParallelism: sizeOfRun() === "short",
    sequence: { groupOrder: 1 },
    setupFiles: "test/faults/support/setup.ts",
  },
}

export default defineConfig({
  test: {
    // One more than the processors of a small machine: tests wait much of their time.
    maxWorkers: 3,
    reporters: ["default", "./test/support/closing-line-reporter.ts"],
    projects: [
      level("unit", ["test/architecture.test.ts", "test/unit/**/*.test.ts"]),
      screens,
      level("redis", ["test/redis/**/*.test.ts"]),
      level("services", ["test/services/**/*.test.ts"], SERVERS),
      level("cli", ["test/cli/**/*.test.ts"], BUILD, SERVERS),
      level("e2e", ["test/e2e/**/*.test.ts"], BUILD, SERVERS),
      faults,
    ],
  },
})
