import { LOG_FIELDS } from "../../domain/access-log-fields.ts"
import { kindOf } from "../../domain/access-log-kinds.ts"
import { readerOf } from "../../domain/access-log-terms.ts"
import { StreamEntry } from "../../domain/stream-entry.ts"

/** Kinds of columns: text, whole numbers of 64 bits, and numbers as the stream has them. */
type ColumnType = "VARCHAR" | "UBIGINT" | "BIGINT" | "DOUBLE"

/** Fields of the stream that have a column of their own name; what they hold is text, or a number where `NUMBERS` has them. */
const TEXTS = [
  "ts",
  "trace_id",
  "method",
  "path",
  "client_ip",
  "country",
  "city",
  "user_agent",
  "ua_type",
  "identity_type",
  "org_id",
  "account_id",
  "user_id",
] as const
const NUMBERS = ["status", "duration_ms", "risk_score"] as const

/** What is looked for and counted by, made of the value of a field. */
const DERIVED = LOG_FIELDS.flatMap(field => {
  const { derived } = kindOf(field.kind)
  return derived === undefined ? [] : [{ ...derived, read: readerOf(field) }]
})

/**
 * Columns of the history's files. A row is an entry, or an event between two of them; its identity is gateway, epoch and id
 * (contract, section 10). An event has the id of the last entry before it, and stands behind that one; a reset, which begins an
 * epoch, has the lowest id.
 */
export const COLUMNS: readonly { readonly name: string; readonly type: ColumnType }[] = [
  { name: "gateway", type: "VARCHAR" },
  { name: "epoch", type: "BIGINT" },
  // The two halves of the id.
  { name: "ms", type: "UBIGINT" },
  { name: "seq", type: "UBIGINT" },
  // When it counts, in ms after its id's time (`domain/stream-clock`).
  { name: "late_ms", type: "BIGINT" },
  // `gap` or `reset`; null of an entry.
  { name: "event", type: "VARCHAR" },
  // Of a gap: how many are lost (0: not known), the first id after it (null where the epoch ended), and why.
  { name: "lost", type: "BIGINT" },
  { name: "to_id", type: "VARCHAR" },
  { name: "reason", type: "VARCHAR" },
  ...TEXTS.map(name => ({ name, type: "VARCHAR" as const })),
  ...NUMBERS.map(name => ({ name, type: "DOUBLE" as const })),
  // Whatever else the entry holds, as JSON: a list of names and values.
  { name: "others", type: "VARCHAR" },
  ...DERIVED.map(({ column }) => ({ name: column, type: "VARCHAR" as const })),
]

type Cell = string | number | null

/** Values of the fields of one entry, in the order of the columns: TEXTS, NUMBERS, `others` and DERIVED. */
export interface FieldValues {
  readonly texts: readonly (string | null)[]
  readonly numbers: readonly (number | null)[]
  readonly others: string | null
  readonly derived: readonly string[]
}

const KNOWN = new Set<string>([...TEXTS, ...NUMBERS])

/** Takes an entry apart. `entryOf` puts it together again: every reader of a field finds the same in both. */
export function fieldValues(entry: StreamEntry): FieldValues {
  const first = new Map<string, string>()
  const others: [string, string][] = []
  for (const pair of entry.pairs()) {
    const [name, value] = pair
    if (KNOWN.has(name) && !first.has(name)) first.set(name, value)
    else others.push(pair)
  }
  const numbers = NUMBERS.map(name => {
    const text = first.get(name)
    if (text === undefined) return null
    const number = entry.number(name)
    if (String(number) !== text || others.some(other => other[0] === name)) others.unshift([name, text])
    return number
  })
  const texts = TEXTS.map(name => first.get(name) ?? null)
  const derived = DERIVED.map(({ read, of }) => of(read(entry)))
  return { texts, numbers, others: others.length === 0 ? null : JSON.stringify(others), derived }
}

/** Puts an entry together from a row that was read by column name. */
export function entryOf(row: Readonly<Record<string, unknown>>): StreamEntry {
  const others: [string, string][] = row.others == null ? [] : JSON.parse(String(row.others))
  const held = (name: string) => row[name] as Cell
  const pairs: [string, string][] = []
  for (const name of TEXTS) {
    const text = held(name)
    if (text !== null) pairs.push([name, String(text)])
  }
  // A number that is written in another way than JavaScript's, or comes twice, stands among the others in full.
  const spelled = new Set(others.map(([name]) => name))
  for (const name of NUMBERS) {
    const number = held(name)
    if (number !== null && !spelled.has(name)) pairs.push([name, String(number)])
  }
  const [ms, seq, late] = [Number(row.ms), Number(row.seq), Number(row.late_ms)]
  const whole = StreamEntry.from(`${ms}-${seq}`, [...pairs, ...others])
  whole.at = ms + late
  whole.gateway = String(row.gateway ?? "")
  return whole
}
