import { sql } from "kysely"
import { readEndpoint } from "../../adapters/postgres/endpoint.ts"
import { type Finding, ok, warning } from "../../domain/check.ts"
import { lagOf } from "../../domain/replica.ts"
import { spanOf } from "../../domain/span.ts"
import type { ExaminationContext, Stores } from "../operation.ts"

/** A server that follows the one that is asked. Its state, address and lag are for roles with pg_read_all_stats: null to others. */
interface Follower {
  name: string
  address: string | null
  state: string | null
  /** Seconds between a write here and its replay there, as it was last measured. */
  lag: number | null
  bytes: number | null
}

/** Says which role the server has, and who follows whom how far behind. */
export async function lookAtRole({ postgres, signal }: Pick<Stores, "postgres" | "signal">): Promise<Finding> {
  const { rows } = await postgres.run(db => FOLLOWERS.execute(db), signal)
  const { replica } = postgres
  if (replica === undefined) return ok(["primary: takes reads and changes", ...rows.map(followerOf)].join("; "))
  const followed = replica.follows === null ? "" : `, which follows ${replica.follows}`
  return warning(
    [`a replica, ${lagOf(replica)}${followed}: nothing can be changed there`, ...rows.map(followerOf)].join("; "),
    "set DATABASE_URL to the primary server, to make changes and to have sign-ins recorded",
  )
}

/** Says whether the replica of `readUrl` is read, and how far behind it is. */
export async function lookAtReadReplica({
  reading,
  config,
  signal,
}: Pick<ExaminationContext, "reading" | "config" | "signal">): Promise<Finding> {
  await reading?.run(db => sql`select 1`.execute(db), signal)
  const { url, maxLagS } = config.postgres.read as NonNullable<typeof config.postgres.read>
  const { address } = readEndpoint(url)
  const from = reading?.readFrom
  if (from === undefined || "primary" in from) {
    return warning(
      `${address} is not read, but the primary: ${from?.primary}`,
      `set readUrl to a standby of the primary that is at most ${spanOf(maxLagS * 1000)} behind (maxLag), or remove it`,
    )
  }
  const { follows } = from.replica
  const followed = follows === null ? "" : `, which follows ${follows}`
  return ok(`${address}, ${lagOf(from.replica)}${followed}: lists and the dashboard are read there`)
}

const FOLLOWERS = sql<Follower>`
  select application_name as name, host(client_addr) as address, state,
    extract(epoch from replay_lag)::float8 as lag, pg_wal_lsn_diff(written, replay_lsn)::float8 as bytes
  from pg_stat_replication,
    (select case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end as written) as here
  where state is distinct from 'backup'
  order by name, address`

function followerOf({ name, address, state, lag, bytes }: Follower): string {
  const who = address === null ? `"${name}"` : `"${name}" at ${address}`
  const moves = state === null || state === "streaming" ? "" : ` (${state})`
  if (bytes === null) return `${who} follows${moves}`
  if (bytes <= 0) return `${who} follows${moves}, up to date`
  const behind = [...(lag === null ? [] : [spanOf(lag * 1000)]), `${Math.ceil(bytes / 1024)} KB`]
  return `${who} follows${moves}, ${behind.join(" and ")} behind`
}
