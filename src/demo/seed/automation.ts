import type { Random } from "../random.ts"
import type { People } from "./people.ts"
import { HOUR_MS, timestamp } from "./time.ts"

const JOBS = ["Daily report", "Inbox digest", "Competitor watch", "Standup notes", "Price check"]
const CHANNELS = ["telegram", "discord", "qq", "feishu"]

/** What starts runs by itself: jobs of some people, and channels with the heartbeat of a group. */
export function createAutomation({ orgs }: People, random: Random, now: number) {
  const personal = orgs.filter(({ type }) => type === "personal")
  const soon = () => timestamp(now + random.next() * 24 * HOUR_MS, random)
  const jobs = personal
    .filter(() => random.chance(0.25))
    .map(({ id, owner_user_id }) => ({
      id: random.uuid(),
      org_id: id,
      name: random.pick(JOBS),
      created_by_user_id: owner_user_id,
    }))
  const channels = personal
    .filter(() => random.chance(0.12))
    .map(({ id, owner_user_id }) => ({
      id: random.uuid(),
      org_id: id,
      channel_type: random.pick(CHANNELS),
      owner_user_id,
      is_active: true,
    }))
  const identities = channels.map(({ channel_type }) => ({
    id: random.uuid(),
    channel_type,
    platform_subject_id: String(random.between(1e8, 1e9)),
    heartbeat_enabled: 1,
  }))
  const persona_key = "claw"
  const triggers = [
    ...jobs.map(({ id, org_id }) => ({
      ...{ org_id, persona_key, next_fire_at: soon(), trigger_kind: "job", job_id: id },
      ...{ channel_id: random.uuid(), channel_identity_id: random.uuid() },
    })),
    ...channels.map(({ id, org_id }, i) => ({
      ...{ org_id, persona_key, next_fire_at: soon(), trigger_kind: "heartbeat", job_id: null },
      ...{ channel_id: id, channel_identity_id: (identities[i] as { id: string }).id },
    })),
  ].map(trigger => ({ id: random.uuid(), ...trigger }))
  return { jobs, channels, identities, triggers }
}
