import { type Kysely, sql } from "kysely"
import type { Tables } from "../../adapters/postgres/tables.ts"
import { type HoldTarget, LONGEST_HOLD_MIN } from "../../domain/hold.ts"
import { steadyNow } from "../../domain/steady-now.ts"

/** An address or an organization that is to be held, by the audit rows. */
export interface AskedHold extends HoldTarget {
  readonly since: string
  readonly until: string
  /** Its end on the clock of `steadyNow`: as many seconds away as PostgreSQL's clock said when it was read. */
  readonly endsAt: number
  /** Login or name of who asked for it last; null where that user is unknown. */
  readonly by: string | null
  readonly reason: string | null
  /** The network that it is held for; null for itself alone. */
  readonly network: string | null
}

/** Seconds that are left of it now. */
export const secondsLeft = ({ endsAt }: Pick<AskedHold, "endsAt">): number =>
  Math.max(0, (endsAt - steadyNow()) / 1_000)

/** What an audit row asks for. */
type Asked = AskedHold & { readonly action: string }

/** A hold that was released before its end. */
export interface ReleasedHold extends AskedHold {
  readonly releasedAt: string
}

/** What was asked for, and has not come to its end. Each the newest first. */
export interface AskedHolds {
  readonly held: readonly AskedHold[]
  readonly released: readonly ReleasedHold[]
}

/**
 * Reads what is to be held: the newest row of the audit log about each address and organization says it, and that of its hold
 * what was released. No row is older than the longest hold.
 */
export async function readHolds(db: Kysely<Tables>, only?: HoldTarget): Promise<AskedHolds> {
  const newest = db
    .selectFrom("audit_logs")
    .distinctOn(["target_type", "target_id", "action"])
    .select(["id", "ts", "action", "target_type", "target_id", "actor_user_id", "metadata_json"])
    .where("action", "in", ["gateway.hold", "gateway.release"])
    .where("target_type", "in", ["address", "organization"])
    .where("target_id", "is not", null)
    .where("ts", ">", sql<string>`now() - ${LONGEST_HOLD_MIN + 1} * interval '1 minute'`)
    .$if(only !== undefined, query => query.where("target_type", "=", only?.type ?? ""))
    .$if(only !== undefined, query => query.where("target_id", "=", only?.id ?? ""))
    .orderBy("target_type")
    .orderBy("target_id")
    .orderBy("action")
    .orderBy("ts", "desc")
    .orderBy("id", "desc")
  const rows = await db
    .selectFrom(newest.as("newest"))
    .leftJoin("users", "users.id", "newest.actor_user_id")
    .leftJoin("user_credentials", "user_credentials.user_id", "newest.actor_user_id")
    .select(["newest.ts", "newest.action", "newest.target_type", "newest.target_id", "newest.metadata_json"])
    .select(sql<string | null>`coalesce(${sql.ref("user_credentials.login")}, ${sql.ref("users.username")})`.as("by"))
    .select(sql<string>`(extract(epoch from clock_timestamp()) * 1000)::text`.as("now"))
    .orderBy("newest.ts", "desc")
    .orderBy("newest.id", "desc")
    .execute()
  const readAt = steadyNow()
  const asked = rows.flatMap(({ action, now, ...row }): Asked[] => {
    const metadata = row.metadata_json as Readonly<Record<string, unknown>> | null
    const text = (name: string) => (typeof metadata?.[name] === "string" ? (metadata[name] as string) : null)
    const until = text("until")
    const left = Date.parse(until ?? "") - Number(now)
    if (until === null || !(left > 0)) return []
    const target = { type: row.target_type as HoldTarget["type"], id: row.target_id as string }
    const { ts: since, by } = row
    const endsAt = readAt + left
    return [{ ...target, action, since, until, endsAt, by, reason: text("reason"), network: text("network") }]
  })
  const byTarget = Map.groupBy(asked, ({ type, id }) => `${type} ${id}`)
  const [held, released]: [AskedHold[], ReleasedHold[]] = [[], []]
  for (const [{ action, ...newest }, before] of byTarget.values() as Iterable<[Asked, Asked?]>) {
    if (action === "gateway.hold") held.push(newest)
    else
      released.push({
        ...(before ?? newest),
        ...{ until: newest.until, endsAt: newest.endsAt, releasedAt: newest.since },
      })
  }
  return { held, released }
}
