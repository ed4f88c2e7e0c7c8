import { writeFileSync } from "node:fs"
import { relative } from "node:path"
import type { Reporter, TestCase, TestModule } from "vitest/node"
import { machine } from "../../../bench/machine.ts"
import { markdownRows, renderRows } from "../../../bench/report.ts"
import type { Findings } from "./scenario.ts"
import { sizeOfRun } from "./size.ts"

/** The variable that says where the report of this run is to be written; unset, it is only told. */
export const REPORT_VARIABLE = "OPSDECK_FAULTS_REPORT"

interface Row extends Findings {
  readonly result: string
  readonly seconds: number
}

/** Tells the figures of each scenario when it is through, and writes the report of a whole run. */
export default class FaultsReporter implements Reporter {
  private readonly rows: Row[] = []
  private readonly began = performance.now()

  onTestCaseResult(test: TestCase): void {
    const { findings } = test.meta()
    if (findings === undefined) return
    const { state, ...result } = test.result()
    // What was skipped says why.
    const note = "note" in result && result.note !== undefined ? ` (${result.note})` : ""
    const row = { ...findings, result: `${state}${note}`, seconds: (test.diagnostic()?.duration ?? 0) / 1_000 }
    this.rows.push(row)
    const { number, title } = row.scenario
    const figures = row.figures.length > 0 ? `\n${renderRows(row.figures)}` : ""
    process.stdout.write(`\n${number}. ${title}: ${outcome(row)}${figures}\n`)
  }

  onTestRunEnd(_: readonly TestModule[]): void {
    const file = process.env[REPORT_VARIABLE]
    if (file === undefined) return
    writeFileSync(file, this.report())
    process.stdout.write(`\nwritten to ${relative(process.cwd(), file)}\n`)
  }

  private report(): string {
    const rows = this.rows.toSorted((a, b) => a.scenario.number - b.scenario.number)
    const passed = rows.filter(({ result }) => result === "passed").length
    const minutes = Math.ceil((performance.now() - this.began) / 60_000)
    const summary = `${machine()}. Sizes: ${sizeOfRun()}. ${passed} of ${rows.length} scenarios passed, in ${minutes} min.`
    return `${["# Faults: the report of one run of `npm run test:faults`", summary, ...rows.map(section)].join("\n\n")}\n`
  }
}

function section(row: Row): string {
  const { number, title, load, passes } = row.scenario
  const parts = [`## ${number}. ${title}`, `Load: ${load}. Passes when: ${passes}.`, `**${outcome(row)}**`]
  if (row.figures.length > 0) parts.push(markdownRows(row.figures))
  return parts.join("\n\n")
}

const outcome = ({ result, seconds }: Row) => `${result} in ${seconds.toFixed(0)} s`
