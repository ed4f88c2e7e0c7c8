import { expect, test } from "vitest"
import { createWorld, membersOf } from "../../src/demo/seed/world.ts"
import { inviterPath, ringsOf } from "../../src/domain/referral-rings.ts"

const NOW = Date.UTC(2026, 10, 22, 14)
const world = createWorld(1, NOW, "hash")
const { people, runs, codes, audit, credits } = world

const unique = (values: readonly unknown[]) => new Set(values).size === values.length

test("the same seed gives the same world, another seed another", () => {
  expect(createWorld(1, NOW, "hash")).toEqual(world)
  expect(createWorld(2, NOW, "hash").people.apiKey).not.toBe(people.apiKey)
})

test("the operator is the platform's administrator, by key and by login", () => {
  const org = people.orgs.find(({ owner_user_id, type }) => owner_user_id === people.operator.id && type === "personal")
  expect(people.memberships).toContainEqual(
    expect.objectContaining({ org_id: org?.id, user_id: people.operator.id, role: "platform_admin" }),
  )
  expect(people.credentials).toContainEqual(expect.objectContaining({ user_id: people.operator.id, login: "demo" }))
  expect(people.apiKeys[0]).toMatchObject({ org_id: org?.id, user_id: people.operator.id, scopes: ["platform.admin"] })
  expect(people.apiKey).toMatch(/^ak-[0-9a-f]{64}$/)
})

test("what the platform keeps unique is unique", () => {
  expect(unique(people.credentials.map(({ login }) => login))).toBe(true)
  expect(unique(people.orgs.map(({ slug }) => slug))).toBe(true)
  expect(unique(people.memberships.map(({ org_id, user_id }) => `${org_id} ${user_id}`))).toBe(true)
  expect(unique(codes.inviteCodes.map(({ code }) => code))).toBe(true)
  expect(unique(codes.referrals.map(({ invitee_user_id }) => invitee_user_id))).toBe(true)
})

test("invite codes were used as often as their referrals say, and never beyond their limit", () => {
  for (const { id, use_count, max_uses } of codes.inviteCodes) {
    expect(codes.referrals.filter(({ invite_code_id }) => invite_code_id === id)).toHaveLength(use_count)
    expect(max_uses === 0 || use_count <= max_uses).toBe(true)
  }
})

test("accounts much alike invited one another within an hour, four of them in a ring", () => {
  const { ring } = people
  const inviters = new Map(codes.referrals.map(row => [row.invitee_user_id, row.inviter_user_id]))
  const first = ring.slice(0, 4).map(({ id }) => id)
  for (const { id, email } of ring) {
    expect(email).toMatch(/^jo\.hart\+\d\d@/)
    expect(inviterPath(inviters, id).ring.toSorted()).toEqual(first.toSorted())
  }
  expect(inviterPath(inviters, first[0] as string).ring).toEqual(first)
  expect(ringsOf(inviters).size).toBe(4)
  expect(new Set(ring.map(({ status }) => status))).toEqual(new Set(["active", "suspended", "deleted"]))
  const times = codes.referrals
    .filter(row => first.includes(row.inviter_user_id))
    .map(row => Date.parse(row.created_at))
  expect(times).toHaveLength(ring.length)
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(3_600_000)
})

test("nothing has happened after now", () => {
  const times = [
    ...people.users.map(({ created_at }) => created_at),
    ...runs.runs.flatMap(({ created_at, completed_at, failed_at }) => [created_at, completed_at, failed_at]),
    ...codes.referrals.map(({ created_at }) => created_at),
    ...audit.map(({ ts }) => ts),
    ...credits.transactions.map(({ created_at }) => created_at),
  ]
  expect(times.filter(time => time !== null && Date.parse(time) > NOW)).toEqual([])
})

test("those who send requests are active users with their own runs", () => {
  const members = membersOf(world)
  expect(members.length).toBeGreaterThan(200)
  const owned = new Map(runs.runs.map(({ id, created_by_user_id }) => [id, created_by_user_id]))
  for (const member of members) for (const run of member.runs) expect(owned.get(run)).toBe(member.userId)
})

test("nothing is older than the person it belongs to", () => {
  const born = new Map(people.users.map(({ id, created_at }) => [id, created_at]))
  const rows = [
    ...people.memberships.map(({ user_id, created_at }) => [user_id, created_at]),
    ...people.orgs.map(({ owner_user_id, created_at }) => [owner_user_id, created_at]),
    ...people.refreshTokens.map(({ user_id, created_at }) => [user_id, created_at]),
    ...people.apiKeys.map(({ user_id, last_used_at }) => [user_id, last_used_at]),
    ...runs.threads.map(({ created_by_user_id, created_at }) => [created_by_user_id, created_at]),
    ...runs.runs.map(({ created_by_user_id, created_at }) => [created_by_user_id, created_at]),
    ...codes.referrals.map(({ invitee_user_id, created_at }) => [invitee_user_id, created_at]),
    ...audit.map(({ target_id, ts }) => [target_id, ts]),
  ] as const
  expect(rows.filter(([id = "", time = ""]) => time < (born.get(id) ?? ""))).toEqual([])
})

test("no membership is older than its organization, no run older than its thread", () => {
  const founded = new Map(people.orgs.map(({ id, created_at }) => [id, created_at]))
  const begun = new Map(runs.threads.map(({ id, created_at }) => [id, created_at]))
  expect(people.memberships.filter(row => row.created_at < (founded.get(row.org_id) as string))).toEqual([])
  expect(runs.runs.filter(row => row.created_at < (begun.get(row.thread_id) as string))).toEqual([])
})

test("whoever sends requests has runs, but for the operator", () => {
  const idle = membersOf(world).filter(member => member.runs.length === 0)
  expect(idle.map(({ userId }) => userId)).not.toContain(people.users[2]?.id)
  expect(idle.length).toBeLessThanOrEqual(2)
})

test("balances are the sums of their transactions, never below 0, and what an operator added is audited", () => {
  const histories = Map.groupBy(
    credits.transactions.toSorted((a, b) => (a.created_at < b.created_at ? -1 : 1)),
    ({ org_id }) => org_id,
  )
  expect(histories.size).toBe(people.orgs.length)
  for (const { org_id, balance } of credits.balances) {
    let left = 0
    for (const { amount } of histories.get(org_id) ?? []) {
      left += amount
      expect(left).toBeGreaterThanOrEqual(0)
    }
    expect(left).toBe(balance)
  }
  const adjusted = credits.transactions.filter(({ type }) => type === "admin_adjustment")
  expect(adjusted.length).toBeGreaterThan(3)
  expect(credits.audit.map(({ org_id, ts }) => [org_id, ts])).toEqual(
    adjusted.map(({ org_id, created_at }) => [org_id, created_at]),
  )
})
