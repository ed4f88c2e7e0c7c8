import { expect, vi } from "vitest"
import type { Scenario } from "../../src/config/demo-options.ts"
import { type Running, startOpsdeck } from "./program.ts"

/** PostgreSQL, Redis, the people and the traffic, on a busy machine. */
const STARTS_WITHIN = { timeout: 40_000, interval: 50 }

/** The variables that a demo without a console says to export, once it has started. */
export async function exportedBy(demo: Running): Promise<Record<string, string>> {
  await vi.waitFor(() => expect(demo.lines.at(-1)).toMatch(/^# /), STARTS_WITHIN)
  const exported = Array.from(demo.lines.join("\n").matchAll(/^export (\w+)='(.*)'$/gm))
  return Object.fromEntries(exported.map(([, name, value]) => [name as string, value as string]))
}

/** Starts the demo's platform for `scenario`; answers what an operator's environment holds. It ends with the test. */
export const startScenario = (scenario: Scenario) =>
  exportedBy(startOpsdeck(["demo", "--servers-only", "--scenario", scenario], {}))
