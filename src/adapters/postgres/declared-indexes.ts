import { INDEXES, TRIGRAM_INDEXES } from "./schema.ts"
import { TABLES } from "./tables.ts"

/** An index that opsdeck's lists and searches use, or one of a database. */
export interface Index {
  readonly name: string
  readonly table: string
  /** `btree` or `gin`. */
  readonly method: string
  /** Columns, each with its direction or operator class: `created_at desc`. */
  readonly columns: readonly string[]
  /** Condition of a partial index. */
  readonly condition: string | null
}

export interface DeclaredIndex extends Index {
  readonly unique: boolean
}

const ofSchema: readonly DeclaredIndex[] = [
  ...(INDEXES + TRIGRAM_INDEXES).matchAll(
    /^create (unique )?index (\w+) on (\w+) (?:using (\w+) )?\(([^)]+)\)(?: where (.+))?;$/gm,
  ),
].map(([, unique, name = "", table = "", method = "btree", columns = "", condition = null]) => ({
  name,
  table,
  method,
  columns: columns.split(", "),
  condition,
  unique: unique !== undefined,
}))

/** The indexes of `schema.ts`, without unique ones: these are the platform's rules and its own to keep. */
export const WANTED: readonly Index[] = ofSchema.filter(({ unique }) => !unique)

/** Index that PostgreSQL makes for a column that is declared as unique or as the primary key, under its name for it. */
const ofColumns: readonly DeclaredIndex[] = Object.entries(TABLES).flatMap(([table, columns]) =>
  Object.entries(columns).flatMap(([column, declared]: [string, string]) => {
    const isKey = / primary key\b/.test(declared)
    if (!isKey && !/ unique\b/.test(declared)) return []
    const name = isKey ? `${table}_pkey` : `${table}_${column}_key`
    return [{ name, table, method: "btree", columns: [column], condition: null, unique: true }]
  }),
)

/** Returns a declared index by its name. */
export function indexNamed(name: string): DeclaredIndex {
  const index = [...ofSchema, ...ofColumns].find(declared => declared.name === name)
  if (index === undefined) throw new Error(`no index ${name} is declared`)
  return index
}

const declarationOf = (table: string, column: string): string =>
  (TABLES as Readonly<Record<string, Readonly<Record<string, string>>>>)[table]?.[column] ?? ""

/** PostgreSQL's type of a column: `timestamptz`. */
export const typeOf = (table: string, column: string): string => declarationOf(table, column).split(" ")[0] as string

export const isNullable = (table: string, column: string): boolean =>
  !declarationOf(table, column).includes(" not null")
