import { type Kysely, sql } from "kysely"
import { type Index, indexNamed, WANTED } from "./declared-indexes.ts"
import { detectGeneration, type Generation, nameIn } from "./generation.ts"
import type { Tables } from "./tables.ts"

/** An existing index; an invalid one is left over from a failed creation and not used. */
interface Present extends Index {
  readonly valid: boolean
}

export interface MissingIndexes {
  /** Names of the missing indexes. */
  readonly missing: readonly string[]
  /** Statements that create them, in this order; none locks a table for long. */
  readonly statements: readonly string[]
  readonly wanted: number
  /** Whether the server has the extension for searching parts of names. */
  readonly canSearchParts: boolean
}

/** Returns the recommended indexes that the database lacks, under whatever name. */
export async function missingIndexes(db: Kysely<Tables>, generation: Generation): Promise<MissingIndexes> {
  const all = WANTED.map(index => inGeneration(index, generation))
  const tables = await existing(db, [...new Set(all.map(({ table }) => table))])
  const wanted = all.filter(({ table }) => tables.includes(table))
  const present = await presentIndexes(db, tables)
  const trigrams = await trigramExtension(db)
  const missing = wanted
    .filter(index => trigrams !== "absent" || index.method !== "gin")
    .filter(index => !present.some(other => covers(other, index)))
  const partitions = await partitionsOf(db, tables)
  const leftOver = new Set(present.filter(({ valid }) => !valid).map(({ name }) => name))
  const extension = trigrams === "available" && missing.some(({ method }) => method === "gin")
  return {
    missing: missing.map(({ name }) => name),
    statements: [
      ...(extension ? ["CREATE EXTENSION pg_trgm;"] : []),
      ...missing.flatMap(index => [
        ...(leftOver.has(index.name) ? [`DROP INDEX CONCURRENTLY ${index.name};`] : []),
        ...creationOf(index, partitions.get(index.table)),
      ]),
    ],
    wanted: wanted.length,
    canSearchParts: trigrams !== "absent",
  }
}

/**
 * Returns the statements that create the index `name` of `schema.ts`; undefined where the database has one that finds rows
 * by the same first column. `always` is a condition that all rows meet which are looked for.
 */
export async function creationOfMissing(db: Kysely<Tables>, name: string, always = ""): Promise<string[] | undefined> {
  // As the database names things: the plugin would rename the answer.
  const unnamed = db.withoutPlugins()
  const generation = await detectGeneration({ query: text => sql.raw<never>(text).execute(unnamed) })
  const wanted = inGeneration(indexNamed(name), generation)
  const [column = ""] = wanted.columns
  const implied = [wanted.condition ?? "", always, `${column} is not null`].map(plain)
  const present = (await presentIndexes(db, [wanted.table])).some(
    ({ valid, method, columns, condition }) =>
      valid && method === wanted.method && columns[0] === column && implied.includes(plain(condition ?? "")),
  )
  return present ? undefined : creationOf(wanted, (await partitionsOf(db, [wanted.table])).get(wanted.table))
}

const inGeneration = (index: Index, generation: Generation): Index => ({
  ...index,
  table: nameIn(generation, index.table),
  columns: index.columns.map(column => column.replace(/^\w+/, name => nameIn(generation, name))),
})

/** Returns those of `tables` that exist: some deployments lack a few. */
async function existing(db: Kysely<Tables>, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${tables}::text[]) as name where to_regclass(name) is not null`.execute(db)
  return rows.map(({ name }) => name)
}

async function presentIndexes(db: Kysely<Tables>, tables: readonly string[]): Promise<Present[]> {
  const { rows } = await sql<Present>`
    select c.relname as "table", x.relname as name, i.indisvalid as valid, m.amname as method,
      pg_get_expr(i.indpred, i.indrelid, true) as condition,
      array(
        select pg_get_indexdef(i.indexrelid, k, true)
          || case when m.amname = 'btree' and o.opcdefault then '' else ' ' || o.opcname end
          || case i.indoption[k - 1] when 0 then '' when 1 then ' desc nulls last' when 2 then ' nulls first' else ' desc' end
        from generate_series(1, i.indnkeyatts) k join pg_opclass o on o.oid = i.indclass[k - 1] order by k
      ) as columns
    from unnest(${tables}::text[]) as asked(name) join pg_class c on c.oid = to_regclass(asked.name)
    join pg_index i on i.indrelid = c.oid join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
  `.execute(db)
  return rows
}

/** Whether `present` serves the purpose of `wanted`: it may hold more rows, have more columns, or be read backwards. */
const covers = (present: Present, wanted: Index): boolean =>
  hasOrder(present, wanted) && holds(present, wanted.condition === null ? [] : [wanted.condition])

/** Whether `present` has the columns of `wanted` in their order, from either end; the rest of its columns does not matter. */
function hasOrder(present: Present, wanted: Index): boolean {
  if (!present.valid || present.table !== wanted.table || present.method !== wanted.method) return false
  const begins = (columns: readonly string[]) => columns.every((column, i) => present.columns[i] === column)
  return begins(wanted.columns) || begins(wanted.columns.map(reversed))
}

/** Whether the index holds all rows that meet the conditions. */
const holds = ({ condition }: Present, conditions: readonly string[]) =>
  condition === null || conditions.some(met => plain(met) === plain(condition))

/** What the ends of a column are called, with those of the column read backwards. */
const REVERSED: readonly (readonly [string, string])[] = [
  [" desc nulls last", " nulls first"],
  [" nulls first", " desc nulls last"],
  [" desc", ""],
  ["", " desc"],
]

function reversed(column: string): string {
  const [end, other] = REVERSED.find(([end]) => column.endsWith(end)) as readonly [string, string]
  return column.slice(0, column.length - end.length) + other
}

/** How the database serves the order of an index; where it does not, the statements that create that index. */
export type Service = "served" | "other rows" | readonly string[]

/**
 * How the database serves the order of each of `indexes` among rows that meet the `conditions`: by an index, by none for these
 * rows alone, or by none. What there is is read once for all of them.
 */
export async function servicesOf(
  db: Kysely<Tables>,
  indexes: readonly Index[],
  conditions: readonly string[],
): Promise<Service[]> {
  if (indexes.length === 0) return []
  const tables = [...new Set(indexes.map(({ table }) => table))]
  const present = await presentIndexes(db, tables)
  const services = indexes.map(index => {
    const ordered = present.filter(other => hasOrder(other, index))
    if (ordered.some(other => holds(other, conditions))) return "served"
    return ordered.some(other => covers(other, index)) ? "other rows" : undefined
  })
  if (!services.includes(undefined)) return services as Service[]
  const partitions = await partitionsOf(db, tables)
  return indexes.map((index, at) => services[at] ?? creationOf(index, partitions.get(index.table)))
}

/** Normalizes a condition for comparison: PostgreSQL adds the types that were left out. */
const plain = (condition: string) => condition.replaceAll("::text", "").toLowerCase()

/** Statements that create an index; that of a partitioned table adopts those created for its partitions. */
function creationOf({ name, table, method, columns, condition }: Index, partitions: readonly string[] = []): string[] {
  const using = method === "btree" ? "" : `USING ${method} `
  const rest = `${using}(${columns.join(", ")})${condition === null ? "" : ` WHERE ${condition}`};`
  if (partitions.length === 0) return [`CREATE INDEX CONCURRENTLY ${name} ON ${table} ${rest}`]
  return [
    ...partitions.map(partition => `CREATE INDEX CONCURRENTLY ON ${partition} ${rest}`),
    `CREATE INDEX ${name} ON ${table} ${rest}`,
  ]
}

/** Returns the partitions of each of `tables` that is partitioned. */
async function partitionsOf(db: Kysely<Tables>, tables: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const { rows } = await sql<{ table: string; partitions: string[] }>`
    select asked.name as "table", array_agg(h.inhrelid::regclass::text order by h.inhrelid) as partitions
    from unnest(${tables}::text[]) as asked(name) join pg_inherits h on h.inhparent = to_regclass(asked.name)
    group by asked.name`.execute(db)
  return new Map(rows.map(({ table, partitions }) => [table, partitions]))
}

async function trigramExtension(db: Kysely<Tables>): Promise<"installed" | "available" | "absent"> {
  const { rows } = await sql<{ installed: string | null }>`
    select installed_version as installed from pg_available_extensions where name = 'pg_trgm'`.execute(db)
  const [extension] = rows
  if (extension === undefined) return "absent"
  return extension.installed === null ? "available" : "installed"
}
