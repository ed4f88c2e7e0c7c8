import { readFileSync, writeFileSync } from "node:fs"
import { relative } from "node:path"
import type { Reporter, TestCase, TestModule } from "vitest/node"
import { machine } from "../../../bench/machine.ts"
import { markdownRows, renderRows } from "../../../bench/report.ts"
import type { Findings } from "./scenario.ts"

/** The variable that names the report, into which the scenarios of this run are written; unset, they are only told. */
export const REPORT_VARIABLE = "OPSDECK_FAULTS_REPORT"

interface Row extends Findings {
  readonly result: string
  readonly seconds: number
}

/** Tells the figures of each scenario when it is through, and writes it into the report. */
export default class FaultsReporter implements Reporter {
  private readonly rows: Row[] = []

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
    writeFileSync(file, this.report(readFileSync(file, "utf8")))
    process.stdout.write(`\nwritten to ${relative(process.cwd(), file)}\n`)
  }

  /** Scenarios that did not run this time stand as they do in `before`; of one number there may be several. */
  private report(before: string): string {
    const ran = new Set(this.rows.map(({ scenario }) => scenario.number))
    const kept = before.split(/\n(?=## )/).filter(text => text.startsWith("## ") && !ran.has(numberOf(text)))
    const texts = [...kept.map(text => text.trim()), ...this.rows.map(section)].toSorted(
      (a, b) => numberOf(a) - numberOf(b),
    )
    const passed = texts.flatMap(text => /^\*\*passed in (\d+) s\*\*/m.exec(text)?.[1] ?? [])
    const minutes = Math.ceil(passed.reduce((sum, seconds) => sum + Number(seconds), 0) / 60)
    const summary = `Sizes: full. ${passed.length} of ${texts.length} scenarios passed, in ${minutes} min.`
    return `${["# Faults: each scenario of `npm run test:faults` as it ran last", summary, ...texts].join("\n\n")}\n`
  }
}

const numberOf = (section: string) => Number(/^## (\d+)/.exec(section)?.[1])

function section(row: Row): string {
  const { number, title, load, passes } = row.scenario
  const parts = [
    `## ${number}. ${title}`,
    `Load: ${load}. Passes when: ${passes}.`,
    `**${outcome(row)}** (${machine()})`,
  ]
  if (row.figures.length > 0) parts.push(markdownRows(row.figures))
  return parts.join("\n\n")
}

const outcome = ({ result, seconds }: Row) => `${result} in ${seconds.toFixed(0)} s`
