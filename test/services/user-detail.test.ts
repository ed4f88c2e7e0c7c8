import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { listOrgApiKeys } from "../../src/services/api-keys.ts"
import { Deck } from "../../src/services/deck.ts"
import { commandOf } from "../../src/services/operation.ts"
import { showOrg } from "../../src/services/orgs.ts"
import { listUsers, showUser } from "../../src/services/users/users.ts"
import { addApiKey, addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const listCommand = commandOf(listUsers)
const showCommand = commandOf(showUser)

const BAD_IDS = ["", "1", "%", "_", "'", "\0", "x".repeat(10_000), `${randomUUID()}x`]

eachGeneration(database => {
  const deck = () => new Deck({ postgres: database.postgres, redis: {} as never }, {} as never)
  const show = (id: string) => deck().run(showCommand, { id })
  const join = (org_id: string, user_id: string, role: string, created_at: string) =>
    database.postgres.transaction(tx =>
      tx.insertInto("org_memberships").values({ org_id, user_id, role, created_at }).execute(),
    )

  test("a user is shown with every field of the contract, and the organizations in the order of joining", async () => {
    const verified = { email: "alice@example.com", email_verified_at: "2026-01-01T00:00:00.000001Z" }
    const alice = await addPerson(database.postgres, { username: "Alice", ...verified })
    const bob = await addPerson(database.postgres)
    await join(bob.orgId, alice.id, "guest", "2020-01-01T00:00:00Z")
    const found = await show(alice.id.toUpperCase())
    expect(showCommand.answer.parse(found)).toEqual(found)
    expect(found).toMatchObject({ id: alice.id, login: alice.login, username: "Alice", status: "active", ...verified })
    expect(found.orgs).toEqual([
      { org_id: bob.orgId, name: bob.login, slug: bob.login, role: "guest", joined_at: "2020-01-01T00:00:00Z" },
      { org_id: alice.orgId, name: alice.login, slug: alice.login, role: "member", joined_at: expect.any(String) },
    ])
  })

  test("a deleted user is shown as that", async () => {
    const { id } = await addPerson(database.postgres, { deleted_at: new Date().toISOString() })
    expect(await show(id)).toMatchObject({ id, status: "deleted" })
  })

  test("an id that nobody has is not found, and what is no id is refused, for users and organizations", async () => {
    await expect(show(randomUUID())).rejects.toMatchObject({ code: "not_found", traceId: expect.any(String) })
    const org = (org_id: string) => deck().run(showOrg, { org_id })
    await expect(org(randomUUID())).rejects.toMatchObject({ code: "not_found" })
    for (const bad of BAD_IDS) {
      await expect(show(bad), bad).rejects.toMatchObject({ code: "invalid", field: "id" })
      await expect(org(bad), bad).rejects.toMatchObject({ code: "invalid", field: "org_id" })
    }
  })

  test("the console is told when users were seen last: at the later of a login and the newest session's use", async () => {
    const seen = async (times: { login?: string; session?: string; used?: string }) => {
      const { id, login } = await addPerson(database.postgres, { last_login_at: times.login ?? null })
      const { session, used } = times
      if (session !== undefined) {
        const token = { user_id: id, token_hash: "x", expires_at: "2030-01-01T00:00:00Z" }
        const times = { created_at: session, last_used_at: used ?? null }
        await database.postgres.transaction(tx =>
          tx
            .insertInto("refresh_tokens")
            .values([
              { ...token, ...times },
              { ...token, created_at: "2000-01-01T00:00:00Z" },
            ])
            .execute(),
        )
      }
      return (await deck().run(listUsers, { q: login })).data.map(row => row.last_seen_at)
    }
    expect(await seen({})).toEqual([null])
    expect(await seen({ login: "2026-01-02T00:00:00Z" })).toEqual(["2026-01-02T00:00:00Z"])
    expect(await seen({ session: "2026-01-01T00:00:00Z" })).toEqual(["2026-01-01T00:00:00Z"])
    const both = { session: "2026-01-01T00:00:00Z", used: "2026-01-03T00:00:00.000001Z" }
    expect(await seen({ login: "2026-01-02T00:00:00Z", ...both })).toEqual(["2026-01-03T00:00:00.000001Z"])
    expect(await seen({ login: "2026-01-04T00:00:00Z", ...both })).toEqual(["2026-01-04T00:00:00Z"])
  })

  test("the console is told of the organizations and the verified address, and otherwise what the command answers", async () => {
    const carol = await addPerson(database.postgres, { email_verified_at: "2026-01-01T00:00:00Z" })
    const { data } = await deck().run(listUsers, { q: carol.login })
    const orgs = [{ org_id: carol.orgId, name: carol.login, role: "member" }]
    expect(data).toMatchObject([{ email_verified_at: "2026-01-01T00:00:00Z", orgs }])
    const listed = await deck().run(listCommand, { q: carol.login })
    expect(data).toMatchObject(listed.data)
    expect(listCommand.answer.parse(listed)).toEqual(listed)
  })

  test("an organization is shown with its owner and its first members, and how many there are", async () => {
    const owner = await addPerson(database.postgres, { username: "Owner" })
    const others = await Promise.all(Array.from({ length: 55 }, () => addPerson(database.postgres)))
    for (const { id } of others) await join(owner.orgId, id, "viewer", "2030-01-01T00:00:00Z")
    const org = await deck().run(showOrg, { org_id: owner.orgId })
    expect(showOrg.answer.parse(org)).toEqual(org)
    expect(org).toMatchObject({
      org_id: owner.orgId,
      status: "active",
      owner: { user_id: owner.id, login: owner.login, username: "Owner" },
      member_count: 56n,
    })
    expect(org.members).toHaveLength(50)
    expect(org.members[0]).toMatchObject({ user_id: owner.id, role: "member", status: "active" })
  })

  test("the API keys of an organization name their owners, those that work first", async () => {
    const owner = await addPerson(database.postgres, { username: "Owner" })
    const guest = await addPerson(database.postgres)
    await addApiKey(database.postgres, owner, { name: "old", revoked_at: "2026-01-01T00:00:00Z" })
    await addApiKey(database.postgres, guest, { org_id: owner.orgId, name: "new" })
    await addApiKey(database.postgres, guest)
    await addApiKey(database.postgres, { ...owner, id: randomUUID() }, { name: "left", created_at: "2020-01-01" })
    const answer = await deck().run(listOrgApiKeys, { org_id: owner.orgId })
    expect(listOrgApiKeys.answer.parse(answer)).toEqual(answer)
    expect(answer.data.map(({ name, login }) => [name, login])).toEqual([
      ["new", guest.login],
      ["left", null],
      ["old", owner.login],
    ])
  })

  test("the console is told which organizations of a user are suspended, the command is not", async () => {
    const dave = await addPerson(database.postgres)
    await database.postgres.transaction(tx =>
      tx.updateTable("orgs").set({ status: "suspended" }).where("id", "=", dave.orgId).execute(),
    )
    const seen = await deck().run(showUser, { id: dave.id })
    expect(showUser.answer.parse(seen)).toEqual(seen)
    expect(seen.orgs).toMatchObject([{ org_id: dave.orgId, status: "suspended" }])
    const { orgs } = await deck().run(showCommand, { id: dave.id })
    expect(orgs).toMatchObject([{ org_id: dave.orgId }])
    expect(orgs[0]).not.toHaveProperty("status")
  })

  test("an organization whose owner is gone has none", async () => {
    const org_id = randomUUID()
    await database.postgres.transaction(tx =>
      tx.insertInto("orgs").values({ id: org_id, slug: org_id, name: "left", owner_user_id: randomUUID() }).execute(),
    )
    expect(await deck().run(showOrg, { org_id })).toMatchObject({ owner: null, member_count: 0n, members: [] })
  })
})
