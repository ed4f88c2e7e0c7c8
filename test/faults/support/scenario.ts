import { expect, type TestContext, test } from "vitest"
import { type BenchRow, isMet, type Target } from "../../../bench/report.ts"
import { sizeOfRun } from "./size.ts"

/** One row of the suite of faults, as the report tells it. */
export interface Scenario {
  readonly number: number
  readonly title: string
  /** What is done, in the size of this run. */
  readonly load: string
  /** What has to hold. */
  readonly passes: string
  /** Whether it is part of `npm test`, in its short size. */
  readonly inSubset: boolean
}

/** What the report knows of a scenario that was run. */
export interface Findings {
  readonly scenario: Scenario
  readonly figures: readonly BenchRow[]
}

declare module "vitest" {
  interface TaskMeta {
    findings?: Findings
  }
}

/**
 * Notes a figure for the report; one beyond its limit fails the scenario, which goes on so that the others are known. A
 * limit of time is held by full runs alone: a short one shares its machine with the other tests.
 */
export type Measure = (name: string, value: number, unit: string, target?: Target) => void

const MINUTE_MS = 60_000
const PATIENCE_MS = { short: 2 * MINUTE_MS, full: 12 * MINUTE_MS, long: 6 * 60 * MINUTE_MS }

/** Declares the one scenario of a file: a test, whose figures and result go into the report. */
export function scenario(scenario: Scenario, body: (measure: Measure, context: TestContext) => Promise<void>): void {
  const size = sizeOfRun()
  const declared = size === "short" && !scenario.inSubset ? test.skip : test
  declared(`${scenario.number}. ${scenario.title}`, { timeout: PATIENCE_MS[size] }, async context => {
    const figures: BenchRow[] = []
    context.task.meta.findings = { scenario, figures }
    const measure: Measure = (name, value, unit, target) => {
      figures.push({ name, value, unit, ...(target && { target }) })
      const isHeld = size !== "short" || !["ms", "s"].includes(unit)
      if (target && isHeld)
        expect.soft(isMet(target, value), `${name}: ${value} ${unit}, ${JSON.stringify(target)}`).toBe(true)
    }
    await body(measure, context)
  })
}
