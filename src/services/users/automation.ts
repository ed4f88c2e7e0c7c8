import { type Kysely, sql } from "kysely"
import { anyOf } from "../../adapters/postgres/any-of.ts"
import { AUTOMATION_TABLES } from "../../adapters/postgres/automation-tables.ts"
import { columnsPresent } from "../../adapters/postgres/columns-present.ts"
import type { Tables } from "../../adapters/postgres/tables.ts"

type AutomationTable = keyof typeof AUTOMATION_TABLES

/** A row that starts a heartbeat when its time comes. `channel_id` is null where the platform does not keep it yet. */
interface HeartbeatRow {
  readonly id: string
  readonly channel_id: string | null
  readonly channel_identity_id: string
  readonly persona_key: string
  readonly model: string
  readonly interval_min: number
  readonly next_fire_at: string
}

/** A setting by which the platform makes such a row after the next run. */
export interface HeartbeatSetting {
  readonly table: "channel_identity_links" | "channel_identities"
  readonly id: string
  readonly heartbeat_enabled: number
}

/** What starts runs of a user by itself, whatever the user's status (contract, section 9), as far as it is on. */
export interface Automation {
  readonly jobs: readonly { readonly id: string; readonly name: string }[]
  readonly channels: readonly { readonly id: string; readonly channel_type: string }[]
  /** Number of conversations with a heartbeat. */
  readonly heartbeats: number
  readonly rows: readonly HeartbeatRow[]
  readonly settings: readonly HeartbeatSetting[]
  /** Whether the rows that start jobs say which. */
  readonly jobsHaveRows: boolean
  /** Tables that the role may not read. */
  readonly hidden: readonly AutomationTable[]
}

/** Reads what starts runs of the user by itself. Tables and columns that the platform does not have yet count as empty. */
export async function automationOf(db: Kysely<Tables>, userId: string): Promise<Automation> {
  const present = await columnsPresent(db, Object.keys(AUTOMATION_TABLES) as AutomationTable[])
  const has = (table: AutomationTable, column = "id") => {
    const found = present.get(table)
    return found?.readable === true && found.columns.has(column)
  }
  const orgs = await personalOrgs(db, userId)
  const jobs = has("scheduled_jobs") ? await enabledJobs(db, userId, orgs) : []
  const channels = has("channels") ? await channelsOf(db, userId, orgs) : []
  const channelIds = channels.map(({ id }) => id)
  const rows = has("scheduled_triggers") ? await heartbeatRows(db, orgs, channelIds, has) : []
  const links = has("channel_identity_links") ? await linksOf(db, channelIds, has) : []
  const identities =
    has("channel_identities", "heartbeat_enabled") && has("scheduled_triggers")
      ? await identitiesOf(db, rows, has("channel_identity_links", "heartbeat_enabled") ? [] : links)
      : []
  const conversations = [...rows, ...links.filter(({ heartbeat_enabled }) => heartbeat_enabled !== 0)].map(
    ({ channel_id, channel_identity_id }) => `${channel_id} ${channel_identity_id}`,
  )
  const others = identities.filter(({ id }) => !rows.some(row => row.channel_identity_id === id))
  return {
    jobs,
    channels: channels.filter(({ is_active }) => is_active).map(({ id, channel_type }) => ({ id, channel_type })),
    heartbeats: new Set(conversations).size + others.length,
    rows,
    settings: [
      ...links.filter(({ heartbeat_enabled }) => heartbeat_enabled !== 0).map(settingIn("channel_identity_links")),
      ...identities.map(settingIn("channel_identities")),
    ],
    jobsHaveRows: has("scheduled_triggers", "job_id"),
    hidden: [...present].filter(([, { readable }]) => !readable).map(([table]) => table),
  }
}

const settingIn =
  (table: HeartbeatSetting["table"]) =>
  ({ id, heartbeat_enabled }: Pick<HeartbeatSetting, "id" | "heartbeat_enabled">): HeartbeatSetting => ({
    table,
    id,
    heartbeat_enabled,
  })

type Has = (table: AutomationTable, column?: string) => boolean

async function personalOrgs(db: Kysely<Tables>, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("org_memberships")
    .innerJoin("orgs", "orgs.id", "org_memberships.org_id")
    .select("orgs.id")
    .where("org_memberships.user_id", "=", userId)
    .where("orgs.type", "=", "personal")
    .where(eb => eb.or([eb("orgs.owner_user_id", "is", null), eb("orgs.owner_user_id", "=", userId)]))
    .execute()
  return rows.map(({ id }) => id)
}

const enabledJobs = (db: Kysely<Tables>, userId: string, orgs: readonly string[]) =>
  db
    .selectFrom("scheduled_jobs")
    .select(["id", "name"])
    .where("enabled", "=", true)
    .where(eb => eb.or([eb("created_by_user_id", "=", userId), eb("org_id", "=", anyOf(orgs))]))
    .orderBy("name")
    .orderBy("id")
    .execute()

/** All of them: the heartbeats of a channel that is off go on as well. */
const channelsOf = (db: Kysely<Tables>, userId: string, orgs: readonly string[]) =>
  db
    .selectFrom("channels")
    .select(["id", "channel_type", "is_active"])
    .where(eb => eb.or([eb("owner_user_id", "=", userId), eb("org_id", "=", anyOf(orgs))]))
    .orderBy("channel_type")
    .orderBy("id")
    .execute()

const heartbeatRows = (db: Kysely<Tables>, orgs: readonly string[], channels: readonly string[], has: Has) => {
  const knowsChannel = has("scheduled_triggers", "channel_id")
  return db
    .selectFrom("scheduled_triggers")
    .select(["id", "channel_identity_id", "persona_key", "model", "interval_min", "next_fire_at"])
    .select(knowsChannel ? "channel_id" : sql<string | null>`null::uuid`.as("channel_id"))
    .where(eb =>
      eb.or([eb("org_id", "=", anyOf(orgs)), ...(knowsChannel ? [eb("channel_id", "=", anyOf(channels))] : [])]),
    )
    .$if(has("scheduled_triggers", "trigger_kind"), query => query.where("trigger_kind", "=", "heartbeat"))
    .orderBy("id")
    .execute()
}

/** The conversations of the channels; none has a heartbeat where the platform keeps that with the identity. */
const linksOf = (db: Kysely<Tables>, channels: readonly string[], has: Has) =>
  db
    .selectFrom("channel_identity_links")
    .select(["id", "channel_id", "channel_identity_id"])
    .select(
      has("channel_identity_links", "heartbeat_enabled") ? "heartbeat_enabled" : sql<number>`0`.as("heartbeat_enabled"),
    )
    .where("channel_id", "=", anyOf(channels))
    .orderBy("id")
    .execute()

/**
 * The identities that the heartbeats are set at: of groups always, of persons before the links have it. One that starts
 * somebody else's heartbeat as well is left alone.
 */
const identitiesOf = (
  db: Kysely<Tables>,
  rows: readonly HeartbeatRow[],
  links: readonly { readonly channel_identity_id: string }[],
) =>
  db
    .selectFrom("channel_identities")
    .select(["id", "heartbeat_enabled"])
    .where("heartbeat_enabled", "<>", 0)
    .where("id", "=", anyOf([...rows, ...links].map(row => row.channel_identity_id)))
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("scheduled_triggers")
            .select("scheduled_triggers.id")
            .whereRef("scheduled_triggers.channel_identity_id", "=", "channel_identities.id")
            .where("scheduled_triggers.id", "<>", sql<string>`all(${rows.map(({ id }) => id)}::uuid[])`),
        ),
      ),
    )
    .orderBy("id")
    .execute()
