import { CODE_ALPHABET } from "../../domain/redemption-code.ts"
import type { Random } from "../random.ts"
import type { People, User } from "./people.ts"
import { DAY_MS, MINUTE_MS, timestamp } from "./time.ts"

export type Codes = ReturnType<typeof createCodes>

/** Creates invite codes with referrals, and redemption codes with redemptions. */
export function createCodes(people: People, random: Random, now: number) {
  const ring = new Set(people.ring)
  const honest = people.users.filter(user => user.status === "active" && user.email !== null && !ring.has(user))
  const invites = createInvites(honest, random, now)
  const abuse = createRing(people.ring, random, now)
  return {
    inviteCodes: [...invites.codes, ...abuse.codes],
    referrals: [...invites.referrals, ...abuse.referrals],
    ...createRedemptions(people, random, now),
  }
}

/** Honest growth: a third of the users invites a newer user. */
function createInvites(users: readonly User[], random: Random, now: number) {
  const byAge = users.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1))
  const codes = byAge.filter(() => random.chance(0.6)).map(user => inviteCode(user, random.pick([0, 5, 10]), random))
  const referrals = byAge.slice(40).flatMap((invitee, i) => {
    if (!random.chance(0.35)) return []
    const earlier = codes.filter(code => byAge.slice(0, i + 40).some(user => user.id === code.user_id))
    const code = random.pick(earlier.filter(({ max_uses, use_count }) => max_uses === 0 || use_count < max_uses))
    return code ? [use(code, invitee, joining(invitee, now), random.chance(0.8), random)] : []
  })
  return { codes, referrals }
}

/** The first four invite all the others in turn, and one another: finally the first uses the code of the fourth. */
function createRing(ring: readonly User[], random: Random, now: number) {
  const codes = ring.slice(0, 4).map(user => inviteCode(user, 0, random))
  const last = joining(ring.at(-1) as User, now)
  const referrals = ring.map((invitee, i) => {
    const inviter = i === 0 ? 3 : i < 4 ? i - 1 : i % 4
    const time = i === 0 ? Math.min(now, last + MINUTE_MS) : joining(invitee, now)
    return use(codes[inviter] as Invite, invitee, time, true, random)
  })
  return { codes, referrals }
}

type Invite = ReturnType<typeof inviteCode>

function inviteCode(user: User, maxUses: number, random: Random) {
  const is_active = random.chance(0.9)
  return {
    id: random.uuid(),
    user_id: user.id,
    code: code(8, random),
    max_uses: maxUses,
    use_count: 0,
    is_active,
    created_at: user.created_at,
  }
}

const joining = (invitee: User, now: number) => Math.min(now, Date.parse(invitee.created_at) + MINUTE_MS)

function use(invite: Invite, invitee: User, ms: number, credited: boolean, random: Random) {
  invite.use_count++
  return {
    id: random.uuid(),
    inviter_user_id: invite.user_id,
    invitee_user_id: invitee.id,
    invite_code_id: invite.id,
    credited,
    created_at: timestamp(ms, random),
  }
}

function createRedemptions(people: People, random: Random, now: number) {
  const batches = [
    { batch: "launch-week", type: "credit", value: "500", count: 80, age: 60, days: 90 },
    { batch: "conference-2026", type: "credit", value: "2000", count: 40, age: 20, days: 30 },
    { batch: "beta-voice", type: "feature", value: "voice", count: 25, age: 5, days: 0 },
  ]
  const codes = batches.flatMap(({ batch, type, value, count, age, days }) => {
    const created = now - age * DAY_MS
    const expires_at = days > 0 ? timestamp(created + days * DAY_MS, random) : null
    const row = { type, value, max_uses: 1, batch_id: batch, created_by_user_id: people.operator.id, expires_at }
    return Array.from({ length: count }, () => ({
      ...row,
      id: random.uuid(),
      code: (code(16, random).match(/.{4}/g) as string[]).join("-"),
      use_count: random.chance(0.4) ? 1 : 0,
      is_active: random.chance(0.95),
      created_at: timestamp(created, random),
    }))
  })
  const redeemed = codes.filter(({ use_count }) => use_count > 0)
  const records = redeemed.map(({ id, created_at }) => {
    const { org_id, user_id } = random.pick(people.memberships)
    const redeemed_at = timestamp(Date.parse(created_at) + random.next() * 5 * DAY_MS, random)
    return { id: random.uuid(), code_id: id, user_id, org_id, redeemed_at }
  })
  return { redemptionCodes: codes, redemptionRecords: records }
}

function code(length: number, random: Random): string {
  return Array.from({ length }, () => random.pick(CODE_ALPHABET.split(""))).join("")
}
