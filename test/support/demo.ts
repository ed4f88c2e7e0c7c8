import { expect } from "vitest"
import type { Scenario } from "../../src/config/demo-options.ts"
import { LIMITS } from "../../src/demo/recorder/orders.ts"
import { readRecordStatus } from "../../src/services/history/record-status.ts"
import { type Running, startOpsdeck } from "./program.ts"
import { eventually } from "./waiting.ts"

/** The variables that a demo without a console says to export, once it has started. */
export async function exportedBy(demo: Running): Promise<Record<string, string>> {
  await eventually(() => expect(demo.lines.at(-1)).toMatch(/^# /))
  const exported = Array.from(demo.lines.join("\n").matchAll(/^export (\w+)='(.*)'$/gm))
  return Object.fromEntries(exported.map(([, name, value]) => [name as string, value as string]))
}

/** Waits until the demo's past is made, and what its stream holds is recorded behind it. */
export const pastMade = ({ OPSDECK_HISTORY: directory = "" }: Record<string, string>, gateways = [""]) =>
  eventually(
    async () => {
      const status = await readRecordStatus(
        { directory, ...LIMITS },
        Date.now(),
        gateways.map(name => ({ name })),
      )
      expect(status).toMatchObject({ recording: true, trouble: null })
    },
    { within: 100_000, every: 500 },
  )

/** Starts the demo's platform for `scenario`; answers what an operator's environment holds. It ends with the test. */
export const startScenario = (scenario: Scenario) =>
  exportedBy(startOpsdeck(["demo", "--servers-only", "--scenario", scenario], {}))
