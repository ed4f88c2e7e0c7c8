import { type RawBuilder, sql } from "kysely"

/** Condition: `column` contains `text`, ignoring case. Every character of `text` is literal, `%` and `_` too. */
export const contains = (column: string, text: string) => alike(column, text, "%")

/** Condition: `column` equals `text`, ignoring case. */
export const equalsAnyCase = (column: string, text: string) => alike(column, text, "")

/** A database of locale C folds ASCII alone, so other letters are looked for in both cases; "SS" is no "ß". */
function alike(column: string, text: string, around: "%" | ""): RawBuilder<boolean> {
  const spellings = new Set([text, ...(ASCII.test(text) ? [] : [text.toLowerCase(), text.toUpperCase()])])
  const patterns = [...spellings]
    .filter(({ length }) => length === text.length)
    .map(spelling => around + spelling.replace(/[\\%_]/g, "\\$&") + around)
  return patterns.length === 1
    ? sql<boolean>`${sql.ref(column)} ilike ${patterns[0]}`
    : sql<boolean>`${sql.ref(column)} ilike any (${patterns}::text[])`
}

const ASCII = /^\p{ASCII}*$/u
