import { CHECK_AREAS, type Check, type Grant } from "../../domain/check.ts"
import { nameOf } from "./check.ts"

const MARKS: Readonly<Record<Check["state"], string>> = {
  ok: "ok",
  warning: "warning",
  failure: "FAILURE",
  skipped: "-",
}
const MARK_WIDTH = 7

/**
 * A heading per area, a line per check, wrapped where the terminal has no more than `columns`, and its remedy below: whole
 * lines, so that a command can be copied. What is wrong is named once more at the end.
 */
export function checkLines(checks: readonly Check[], columns = Number.POSITIVE_INFINITY): string[] {
  const widest = Math.max(...checks.map(({ name }) => name.length))
  const indent = " ".repeat(2 + MARK_WIDTH + 2 + widest + 2)
  const lines = checks.flatMap(({ area, name, state, says, remedy }, i) => {
    const head = `  ${MARKS[state].padEnd(MARK_WIDTH)}  ${name.padEnd(widest)}  `
    return [
      ...(checks[i - 1]?.area === area ? [] : [...(i === 0 ? [] : [""]), CHECK_AREAS[area]]),
      ...wrapped(says, columns - indent.length).map((line, row) => `${row === 0 ? head : indent}${line}`),
      ...remedy.map(step => `${" ".repeat(MARK_WIDTH + 4)}-> ${step}`),
    ]
  })
  const wrong = (["failure", "warning"] as const).flatMap(state => summary(checks, state))
  return wrong.length === 0 ? lines : [...lines, "", ...wrong.flatMap(line => wrapped(line, columns, "  "))]
}

function summary(checks: readonly Check[], state: "failure" | "warning"): string[] {
  const names = checks.filter(check => check.state === state).map(nameOf)
  return names.length === 0 ? [] : [`${names.length} ${state}${names.length === 1 ? "" : "s"}: ${names.join("; ")}`]
}

/** Narrower than this, a terminal wraps better by itself. */
const NARROWEST = 20

/** Breaks `text` at spaces into lines of at most `columns`, the others after the first with `indent`. */
function wrapped(text: string, columns: number, indent = ""): string[] {
  if (columns < NARROWEST || text.length <= columns) return [text]
  const lines: string[] = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    const longer = `${last} ${word}`
    if (last === undefined) lines.push(word)
    else if (longer.length <= columns) lines[lines.length - 1] = longer
    else lines.push(`${indent}${word}`)
  }
  return lines
}

/** The statements, ready to be pasted; each store's comments separate the parts. */
export function grantLines(grants: readonly Grant[]): string[] {
  return grants.flatMap(({ purpose, store, statement }, i) => {
    const before = grants[i - 1]
    const begins = before?.purpose !== purpose || before.store !== store
    return [...(begins ? [...(i === 0 ? [] : [""]), HEADINGS[store](purpose)] : []), statement]
  })
}

const HEADINGS = {
  postgres: (purpose: Grant["purpose"]) =>
    `-- PostgreSQL, for ${purpose}: as the owner of the tables; set the role's password with \\password`,
  redis: (purpose: Grant["purpose"]) =>
    `# Redis, for ${purpose}: on ${purpose === "recording" ? "the gateway's server" : "each of its servers"}, replacing PASSWORD`,
}
