import { createHash } from "node:crypto"
import type { Random } from "../random.ts"
import { personName, WORKSPACES } from "./names.ts"
import { DAY_MS, HOUR_MS, later, timestamp } from "./time.ts"

const USERS = 320
const RING = 34

/** The demo's operator; all other users have the same password, and are refused. */
export const DEMO_LOGIN = "demo"
export const DEMO_PASSWORD = "opsdeck-demo"

export type People = ReturnType<typeof createPeople>

/** A row of `users`, and the login of `user_credentials`. */
export interface User {
  readonly id: string
  readonly login: string
  readonly username: string
  readonly email: string | null
  readonly email_verified_at: string | null
  readonly status: "active" | "suspended" | "deleted"
  readonly deleted_at: string | null
  readonly locale: string | null
  readonly timezone: string | null
  readonly created_at: string
}

/** A row of `orgs`. */
interface Org {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly owner_user_id: string
  readonly type: "personal" | "workspace"
  readonly status: "active" | "suspended"
  readonly created_at: string
}

/** Creates users with their organizations, credentials and sessions, all with the same `passwordHash`. */
export function createPeople(random: Random, now: number, passwordHash: string) {
  const users = createUsers(random, now)
  const operator = {
    ...account("Demo Operator", `${DEMO_LOGIN}@opsdeck.example`, now - 200 * DAY_MS, now, random),
    login: DEMO_LOGIN,
  }
  const agent = { ...account("system_agent", null, now - 700 * DAY_MS, now, random), login: "system_agent" }
  const ring = createRingUsers(random, now)
  const everybody = [operator, agent, ...users, ...ring]
  const personal = everybody.map(user => personalOrg(user, random))
  const workspaces = WORKSPACES.map(([name, slug]) => {
    const owner = random.pick(users)
    return { owner, org: workspaceOrg(name, slug, owner, now, random) }
  })
  const apiKey = `ak-${random.hex(64)}`
  const operatorOrgId = (personal[0] as Org).id
  return {
    apiKey,
    operator,
    users: everybody,
    ring,
    orgs: [...personal, ...workspaces.map(({ org }) => org)],
    memberships: [
      ...personal.map((org, i) =>
        membership(
          org,
          everybody[i] as User,
          org.slug.startsWith("system") || org.id === operatorOrgId ? "platform_admin" : "owner",
          random,
        ),
      ),
      ...workspaces.flatMap(({ org, owner }) => workspaceMemberships(org, owner, users, random)),
    ],
    credentials: everybody
      .filter(user => user.status !== "deleted")
      .map(user => ({
        id: random.uuid(),
        user_id: user.id,
        login: user.login,
        password_hash: passwordHash,
        created_at: user.created_at,
      })),
    apiKeys: [
      keyRow(apiKey, "opsdeck demo", operator, operatorOrgId, ["platform.admin"], now, random),
      ...users
        .filter(() => random.chance(0.12))
        .map(user => {
          const org = personal.find(candidate => candidate.owner_user_id === user.id) as Org
          const name = random.pick(["ci", "production", "laptop", "n8n", "nightly import"])
          return keyRow(`ak-${random.hex(64)}`, name, user, org.id, ["runs.write", "threads.read"], now, random)
        }),
    ],
    refreshTokens: [...users, ...ring]
      .filter(user => user.status === "active")
      .flatMap(user => sessionsOf(user, now, random)),
  }
}

const LEFT_OVER = 4

/** Sessions of some deleted users, which the platform does not end. */
export const leftOverSessions = ({ users }: People, random: Random, now: number) =>
  users
    .filter(({ status }) => status === "deleted")
    .slice(0, LEFT_OVER)
    .flatMap(user => sessionsOf(user, now, random))

function createUsers(random: Random, now: number): User[] {
  const taken = new Set<string>([DEMO_LOGIN])
  return Array.from({ length: USERS }, () => {
    const name = personName(random)
    const [first = name.latin] = name.latin.split(".")
    let login = taken.has(first) ? name.latin : first
    while (taken.has(login)) login = `${name.latin}${random.between(2, 99)}`
    taken.add(login)
    const email = `${login}@${random.pick(WORKSPACES)[1]}.example`
    const created = now - random.next() ** 2 * 700 * DAY_MS
    const user = {
      ...account(name.written, email, created, now, random),
      login,
      locale: name.locale,
      timezone: name.timezone,
    }
    const status = random.chance(0.92) ? "active" : random.pick(["suspended", "deleted"] as const)
    const deletedAt = status === "deleted" ? timestamp(created + (now - created) * random.next(), random) : null
    return { ...user, status, deleted_at: deletedAt }
  })
}

/** Accounts made by one person within an hour, three days ago, with one mailbox; some were discovered since. */
function createRingUsers(random: Random, now: number): User[] {
  const start = now - 3 * DAY_MS
  return Array.from({ length: RING }, (_, i) => {
    const number = String(i + 1).padStart(2, "0")
    const user = {
      ...account("Jo Hart", `jo.hart+${number}@mailbox.example`, start + (i * HOUR_MS) / RING, now, random),
      login: `johart${number}`,
      locale: "en-US",
      timezone: "America/New_York",
    }
    if (i === 11) return { ...user, status: "deleted", deleted_at: timestamp(now - DAY_MS, random) }
    return i % 7 === 6 ? { ...user, status: "suspended" } : user
  })
}

function account(
  username: string,
  email: string | null,
  createdMs: number,
  now: number,
  random: Random,
): Omit<User, "login"> {
  const verified = email !== null && random.chance(0.85)
  return {
    id: random.uuid(),
    username,
    email,
    email_verified_at: verified ? timestamp(Math.min(now - 1, createdMs + HOUR_MS), random) : null,
    status: "active",
    deleted_at: null,
    locale: null,
    timezone: null,
    created_at: timestamp(createdMs, random),
  }
}

function personalOrg(user: User, random: Random): Org {
  return {
    id: random.uuid(),
    slug: `${user.login.replace(/[^a-z0-9]/g, "-")}-personal`,
    name: user.username,
    owner_user_id: user.id,
    type: "personal",
    status: "active",
    created_at: user.created_at,
  }
}

function workspaceOrg(name: string, slug: string, owner: User, now: number, random: Random): Org {
  const status = random.chance(0.93) ? "active" : "suspended"
  const created_at = later(owner.created_at, timestamp(now - random.between(40, 600) * DAY_MS, random))
  return { id: random.uuid(), slug, name, owner_user_id: owner.id, type: "workspace", status, created_at }
}

function workspaceMemberships(org: Org, owner: User, users: readonly User[], random: Random) {
  const others = users
    .filter(user => user.id !== owner.id && random.chance(0.09))
    .filter(({ deleted_at }) => deleted_at === null || deleted_at > org.created_at)
  return [
    membership(org, owner, "owner", random),
    ...others.map(user => membership(org, user, random.chance(0.15) ? "admin" : "member", random)),
  ]
}

function membership(org: Org, user: User, role: string, random: Random) {
  const created_at = later(org.created_at, user.created_at)
  return { id: random.uuid(), org_id: org.id, user_id: user.id, role, created_at }
}

function keyRow(key: string, name: string, owner: User, orgId: string, scopes: string[], now: number, random: Random) {
  return {
    id: random.uuid(),
    org_id: orgId,
    user_id: owner.id,
    name,
    key_prefix: key.slice(0, 8),
    key_hash: createHash("sha256").update(key).digest("hex"),
    scopes,
    last_used_at: later(owner.created_at, timestamp(now - random.next() * 10 * DAY_MS, random)),
    created_at: owner.created_at,
  }
}

function sessionsOf(user: User, now: number, random: Random) {
  const recent = random.chance(0.7) ? 2 * DAY_MS : 90 * DAY_MS
  return Array.from({ length: random.between(1, 3) }, () => {
    const lastUsed = now - random.next() ** 2 * recent
    return {
      id: random.uuid(),
      user_id: user.id,
      token_hash: random.hex(64),
      expires_at: timestamp(lastUsed + 30 * DAY_MS, random),
      last_used_at: later(user.created_at, timestamp(lastUsed, random)),
      created_at: later(user.created_at, timestamp(lastUsed - random.next() * 5 * DAY_MS, random)),
    }
  })
}
