import type { z } from "zod"
import { toJson } from "../domain/json.ts"
import { type Shown, show, shown } from "../domain/safe-text.ts"
import { listedRow, listsOf } from "../domain/schema.ts"
import type { Change, Operation } from "../services/operation.ts"
import type { Output } from "./output.ts"
import { card, type Row, tableFor } from "./table.ts"

/** The parts of a declaration that decide how an answer is printed. */
type Declared = Pick<Operation | Change, "words" | "answer"> & {
  /** What is printed for people, where that is no table and no card. */
  readonly lines?: ((answer: never) => readonly string[]) | undefined
}

/**
 * Prints `answer` as the contract's JSON, or for people: a list as a table, with its sums below where it has any, one record as
 * a card, and the lists of records in it as tables under their names.
 */
export async function printAnswer(operation: Declared, answer: unknown, json: boolean, output: Output): Promise<void> {
  if (json) return output.write(`${toJson(answer)}\n`)
  const said = operation.lines?.(answer as never)
  if (said !== undefined) return output.write(said.map(line => `${show(line)}\n`).join(""))
  const { data: list, sums } = answer as { data?: readonly Row[]; sums?: Row }
  const lines = list === undefined ? recordLines(operation, answer as Row, output) : tableLines(operation, list, output)
  if (sums !== undefined) lines.push(shown``, shown`IN ALL:`, ...card(sums))
  await output.write(lines.map(line => `${line}\n`).join(""))
}

/** Schema of the rows listed by `operation`; also of a feed of the same words. */
export function rowSchema(operation: Declared | undefined) {
  const row = operation && listedRow(operation.answer)
  if (row === undefined) throw new TypeError(`${operation?.words.join(" ")} lists nothing`)
  return row
}

function recordLines({ answer: schema }: Declared, answer: Row, output: Output): Shown[] {
  const lists = listsOf(schema).filter(([name]) => answer[name] !== undefined)
  const names = new Set(lists.map(([name]) => name))
  const others = Object.entries(answer).filter(([name]) => !names.has(name))
  const tables = lists.map(([name, row]) => {
    const rows = answer[name] as readonly Row[]
    return [shown`${show(name.toUpperCase())}:`, ...(rows.length === 0 ? [shown`none`] : rowLines(row, rows, output))]
  })
  const parts = [...(others.length === 0 ? [] : [card(Object.fromEntries(others))]), ...tables]
  return parts.flatMap((lines, index) => (index === 0 ? lines : [shown``, ...lines]))
}

const tableLines = (operation: Declared, rows: readonly Row[], output: Output) =>
  rowLines(rowSchema(operation), rows, output)

function rowLines(schema: z.core.$ZodType, rows: readonly Row[], output: Output): Shown[] {
  const table = tableFor(schema, output)
  for (const row of rows) table.measure(row)
  return [table.header(), ...rows.map(row => table.line(row))]
}

/** Returns the option to add to the command for the next page; undefined on the last one. */
export function nextPage(answer: unknown): string | undefined {
  const { next_cursor, next_before, next_after } = answer as Partial<Record<`next_${string}`, string | bigint | null>>
  if (next_cursor) return `--cursor ${next_cursor}`
  if (next_after != null) return `--after ${next_after}`
  return next_before ? `--before ${next_before}` : undefined
}
