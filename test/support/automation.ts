import { randomUUID } from "node:crypto"
import type { Person } from "./people.ts"
import type { TestDatabase } from "./postgres.ts"

/** What starts runs of people by itself, in `database`. */
export function automationIn(database: TestDatabase) {
  const at = "2100-01-01T00:00:00Z"

  /** Two jobs that are on and one that is off, a channel, and the heartbeats of a person and of a group in it. */
  async function automate({ id, orgId: org_id }: Person) {
    const [daily, digest, off] = [randomUUID(), randomUUID(), randomUUID()]
    const [channel, link, person, group] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    await database.postgres.transaction(async tx => {
      await tx
        .insertInto("scheduled_jobs")
        .values([
          { id: daily, org_id, name: "Daily report", created_by_user_id: null },
          { id: digest, org_id: randomUUID(), name: "Digest", created_by_user_id: id },
          { id: off, org_id, name: "Old", created_by_user_id: id, enabled: false },
        ])
        .execute()
      await tx
        .insertInto("channels")
        .values({ id: channel, org_id: randomUUID(), channel_type: "telegram", owner_user_id: id, is_active: true })
        .execute()
      await tx
        .insertInto("channel_identities")
        .values([
          { id: person, channel_type: "telegram", platform_subject_id: person },
          { id: group, channel_type: "telegram", platform_subject_id: group, heartbeat_enabled: 1 },
        ])
        .execute()
      await tx
        .insertInto("channel_identity_links")
        .values({ id: link, channel_id: channel, channel_identity_id: person, heartbeat_enabled: 1 })
        .execute()
      const row = { org_id, persona_key: "claw", next_fire_at: at }
      await tx
        .insertInto("scheduled_triggers")
        .values([
          { ...row, channel_id: channel, channel_identity_id: person },
          { ...row, channel_id: channel, channel_identity_id: group },
          { ...row, channel_id: channel, trigger_kind: "job", job_id: daily },
        ])
        .execute()
    })
    return { daily, digest, off, channel, link, person, group }
  }

  /** What of it is on, by `ids`. */
  const isOn = (ids: Awaited<ReturnType<typeof automate>>) =>
    database.postgres.run(async db => {
      const jobs = await db
        .selectFrom("scheduled_jobs")
        .select("name")
        .where("enabled", "=", true)
        .where("id", "in", [ids.daily, ids.digest, ids.off])
        .orderBy("name")
        .execute()
      const of = await db
        .selectFrom("scheduled_triggers")
        .select("trigger_kind")
        .where("channel_id", "=", ids.channel)
        .execute()
      const channel = await db
        .selectFrom("channels")
        .select("is_active")
        .where("id", "=", ids.channel)
        .executeTakeFirst()
      const link = await db
        .selectFrom("channel_identity_links")
        .selectAll()
        .where("id", "=", ids.link)
        .executeTakeFirst()
      const group = await db.selectFrom("channel_identities").selectAll().where("id", "=", ids.group).executeTakeFirst()
      return {
        jobs: jobs.map(({ name }) => name),
        rows: of.map(({ trigger_kind }) => trigger_kind).sort(),
        channel: channel?.is_active,
        heartbeats: [link?.heartbeat_enabled, group?.heartbeat_enabled],
      }
    })

  return { automate, isOn }
}
