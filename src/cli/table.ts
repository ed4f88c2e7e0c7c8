import type { z } from "zod"
import { Decimal, decimal } from "../domain/decimal.ts"
import { fit, type Shown, show, shown, width } from "../domain/safe-text.ts"
import { bare, fieldsOf, isOptional, metaOf } from "../domain/schema.ts"
import type { Output } from "./output.ts"

/** Maximum width of a cell on a terminal, except the last: one hostile value cannot push the others away. */
const WIDEST_ON_TERMINAL = 48

interface Column {
  readonly name: string
  readonly align: "left" | "right"
  width: number
  /** Whether no row has it so far, which may leave it out. */
  isAbsent: boolean
}

export type Row = Readonly<Record<string, unknown>>

/**
 * Table with a column for every field of `schema` that is no mere detail; cells are cut on a terminal only. Columns grow
 * with their contents and never shrink, so that a feed's lines stay aligned too. A field that may be absent, and is so in every
 * row that is measured, has none.
 */
export function tableFor(schema: z.core.$ZodType, { terminal }: Pick<Output, "terminal">) {
  const widest = terminal ? WIDEST_ON_TERMINAL : Number.POSITIVE_INFINITY
  const columns = Object.entries(fieldsOf(schema))
    .filter(([, field]) => !metaOf(field).detail)
    .map(([name, field]): Column => {
      const align = isNumber(bare(field)) ? "right" : "left"
      return { name, align, width: name.length, isAbsent: isOptional(field) }
    })
  const grow = (column: Column, text: Shown) => {
    column.width = Math.min(Math.max(column.width, width(text)), widest)
  }
  const lay = (textOf: (column: Column) => Shown) =>
    columns
      .filter(({ isAbsent }) => !isAbsent)
      .map((column, i, columns) => {
        const text = textOf(column)
        grow(column, text)
        return i === columns.length - 1 ? text : fit(text, column.width, column.align)
      })
      .join("  ")
      .trimEnd() as Shown
  return {
    header: () => lay(({ name }) => show(title(name))),
    /** Widens the columns for a row without printing it. */
    measure: (row: Row) => {
      for (const column of columns) {
        grow(column, cell(row[column.name]))
        if (row[column.name] !== undefined) column.isAbsent = false
      }
    },
    line: (row: Row) => lay(({ name }) => cell(row[name])),
  }
}

const isNumber = (schema: z.core.$ZodType) =>
  schema === decimal || schema._zod.def.type === "number" || schema._zod.def.type === "bigint"

/** One record, a line per field: a nested record under both names. */
export function card(record: Row): Shown[] {
  const lines = Object.entries(record).flatMap(([name, value]) => fieldLines(name, value))
  const widest = Math.max(0, ...lines.map(([name]) => name.length))
  return lines.map(([name, text]) => shown`${fit(show(title(name)), widest)}  ${text}`)
}

function fieldLines(name: string, value: unknown): [name: string, text: Shown][] {
  if (isRecord(value)) return Object.entries(value).flatMap(([part, inner]) => fieldLines(`${name} ${part}`, inner))
  return [[name, cell(value)]]
}

const isRecord = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Decimal)

const title = (name: string) => name.replaceAll("_", " ").toUpperCase()

function cell(value: unknown): Shown {
  if (value === null || value === undefined || value === "") return shown`-`
  if (Array.isArray(value) && value.length === 0) return shown`-`
  if (typeof value === "boolean") return value ? shown`yes` : shown`no`
  if (Array.isArray(value) && value.every(part => typeof part === "string")) return show(value.join(", "))
  if (typeof value === "object" && !(value instanceof Decimal)) return show(JSON.stringify(value))
  return show(String(value))
}
