import { COLUMNS } from "../log-columns.ts"
import type { ClickHouse } from "./client.ts"

/** Rows of the log, and those of the batches that they were written in. */
export const LOG = "opsdeck_log"
/** Who records, or recorded: a row for each sign of life. */
export const RECORDERS = "opsdeck_recorders"

/** Of every row: the columns of the primary key, and what is never null. */
const ALWAYS = new Set(["gateway", "epoch", "ms", "seq", "late_ms"])

const TYPES = { VARCHAR: "String", UBIGINT: "UInt64", BIGINT: "Int64", DOUBLE: "Float64" } as const

/**
 * Columns of the table, in the order in which they are written: those that every engine has, and what a batch says of itself in a
 * row of its own, whose `event` is `batch`, `ms` the highest there is, and `seq` the batch's number. So the newest batch is
 * found by the primary key, and what is known behind it is in the history exactly when its rows are.
 */
export const LOG_COLUMNS: readonly { readonly name: string; readonly type: string }[] = [
  // The day of the batch: it lies in one partition, and so is inserted as a whole or not at all.
  { name: "day", type: "Date" },
  ...COLUMNS.map(({ name, type }) => ({ name, type: ALWAYS.has(name) ? TYPES[type] : `Nullable(${TYPES[type]})` })),
  // How many entries and gaps the batch has, and when its first and its last row count, in ms.
  ...["entries", "gaps", "from_ms", "to_ms"].map(name => ({ name, type: "Nullable(Int64)" })),
  // The batch's id and the accounts behind it, as JSON.
  { name: "accounts", type: "Nullable(String)" },
]

/** The statement for the log's table, with the settings of the server's version. */
export const logTable = (settings = ""): string => `create table if not exists ${LOG} (
  ${LOG_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(",\n  ")}
) engine = MergeTree
partition by (gateway, day)
order by (gateway, epoch, ms, seq)${settings}`

export const RECORDERS_TABLE = `create table if not exists ${RECORDERS} (
  gateway String,
  holder String,
  beat UInt64,
  claimed_s UInt64,
  at_s UInt64,
  machine String,
  host String,
  pid UInt32,
  stream String,
  redis String,
  since_ms UInt64,
  until_ms UInt64,
  trouble String,
  is_over UInt8
) engine = ReplacingMergeTree(beat)
order by (gateway, holder)`

/** From this version on the server drops a block that it was sent before, also in a table that is not replicated. */
const DROPS_REPEATED = 22

/** Settings of an insert, which older servers do not know: nothing is to split a batch, or to answer before it is written. */
const WHOLE = { async_insert: 0, input_format_parallel_parsing: 0 }

/** Makes the tables where they are missing, and answers the settings for inserts. Throws DeckError `unavailable`. */
export async function prepareTables(clickhouse: ClickHouse): Promise<Record<string, number>> {
  const [server] = await clickhouse.rows<{ readonly version: string }>("select version() as version")
  const isNew = Number.parseInt(server?.version ?? "", 10) >= DROPS_REPEATED
  await clickhouse.run(logTable(isNew ? "\nsettings non_replicated_deduplication_window = 100" : undefined))
  await clickhouse.run(RECORDERS_TABLE)
  return isNew ? WHOLE : {}
}
