import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { apiKeyCacheKey, tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { repair } from "../../src/services/repair.ts"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const mark = ({ id }: Person) => operations.api.get(tokenMarkKey(id))

  /** A deck whose Redis is gone. */
  async function cutOff() {
    const proxy = await startTcpProxy(operations.server.port)
    const url = `redis://127.0.0.1:${proxy.port}`
    await proxy.close()
    return operations.deck(undefined, openRedis({ api: { url }, gateways: oneGateway({ url }) }))
  }

  test("a change that Redis did not take stands, is told as owed, and is put right", async () => {
    const [alice, bob] = [
      await addPerson(database.postgres, { username: "alice" }),
      await addPerson(database.postgres, { username: "bob" }),
    ]
    const blind = await cutOff()
    const { answer, steps } = await blind.change(updateUser, { id: alice.id, status: "suspended" })
    await blind.change(deleteUser, { id: bob.id })
    expect(answer).toMatchObject({ status: "suspended" })
    expect(steps.filter(({ owed }) => owed !== undefined)).toEqual([
      { what: "sessions (Redis)", owed: expect.stringMatching(/cannot be reached: connection refused/) },
    ])
    const unable = await blind.change(repair, {})
    expect(unable.answer.data).toEqual([
      { what: "sessions of up to 2 users (Redis)", owed: expect.stringMatching(/cannot be reached/) },
    ])
    expect(await mark(alice)).toBeNull()

    const deck = await operations.deck()
    expect(await deck.preview(repair, {})).toMatchObject({
      effects: ["sessions of alice (Redis): written again", "sessions of bob (Redis): written again"],
      needsConfirmation: false,
    })
    const { answer: done } = await deck.change(repair, {})
    expect(done.data).toEqual([
      { what: "sessions of alice (Redis)", owed: null },
      { what: "sessions of bob (Redis)", owed: null },
    ])
    expect([await mark(alice), await mark(bob)]).toEqual([expect.any(String), expect.any(String)])
    expect((await deck.change(repair, {})).answer.data).toEqual([])
    expect(await deck.preview(repair, {})).toMatchObject({ effects: ["no pending writes"] })
  })

  test("a mark that is too early is raised to the row's, and a later one is left alone", async () => {
    const people = [await addPerson(database.postgres), await addPerson(database.postgres)] as const
    const deck = await operations.deck()
    for (const { id } of people) await deck.change(updateUser, { id, status: "suspended" })
    const [early, late] = people
    const right = await mark(early)
    await operations.api.set(tokenMarkKey(early.id), "1")
    await operations.api.set(tokenMarkKey(late.id), "4102444800000002")
    expect((await deck.change(repair, {})).steps).toHaveLength(1)
    expect([await mark(early), await mark(late)]).toEqual([right, "4102444800000002"])
  })

  test("a revoked key that the API's cache still has is owed, and put right while the cache may have it", async () => {
    const person = await addPerson(database.postgres, { username: "carol" })
    const keys = [await addApiKey(database.postgres, person), await addApiKey(database.postgres, person)]
    const cached = keys.map(key => apiKeyCacheKey(createHash("sha256").update(key).digest("hex")))
    for (const key of cached) await operations.api.set(key, "{}", "EX", 300)
    const blind = await cutOff()
    const { steps } = await blind.change(updateUser, { id: person.id, revoke_keys: true })
    expect(steps).toContainEqual({ what: "cached keys (Redis)", owed: expect.stringMatching(/cannot be reached/) })
    expect((await blind.change(repair, {})).answer.data).toContainEqual({
      what: "cached keys (Redis)",
      owed: expect.stringMatching(/cannot be reached/),
    })
    const deck = await operations.deck()
    expect((await deck.change(repair, {})).answer.data).toEqual([{ what: "cached keys of carol (Redis)", owed: null }])
    expect(await operations.api.exists(...cached)).toBe(0)
    expect((await deck.change(repair, {})).answer.data).toEqual([])
    await operations.api.set(String(cached[0]), "{}")
    await asSuperuser(
      `update api_keys set revoked_at = now() - interval '11 minutes' where user_id = '${person.id}'`,
      database.url,
    )
    expect((await deck.change(repair, {})).answer.data).toEqual([])
  })

  test("a key that holds something else is owed with what Redis says", async () => {
    const person = await addPerson(database.postgres)
    const deck = await operations.deck()
    await operations.api.lpush(tokenMarkKey(person.id), "x")
    const { steps } = await deck.change(updateUser, { id: person.id, status: "suspended" })
    expect(steps).toContainEqual({ what: "sessions (Redis)", owed: expect.stringMatching(/holds another type/) })
    await operations.api.del(tokenMarkKey(person.id))
    expect((await deck.change(repair, {})).steps).toHaveLength(1)
  })

  test("a row about what is no user at all keeps nobody else's debts from being paid", async () => {
    const person = await addPerson(database.postgres)
    const deck = await operations.deck()
    await deck.change(updateUser, { id: person.id, status: "suspended" })
    await operations.api.del(tokenMarkKey(person.id))
    await asSuperuser(
      `insert into audit_logs (action, target_type, target_id, trace_id, user_agent, metadata_json)
       select 'users.status_changed', 'user', target, 'x', 'opsdeck/0.0.1', '{"new_status": "suspended"}'
       from unnest(array['not-a-uuid', null]) as target`,
      database.url,
    )
    await deck.change(repair, {})
    expect(await mark(person)).not.toBeNull()
  })

  test("is no matter of what others did, or of more than 30 days ago", async () => {
    const people = [await addPerson(database.postgres), await addPerson(database.postgres)] as const
    const deck = await operations.deck()
    for (const { id } of people) {
      await deck.change(updateUser, { id, status: "suspended" })
      await operations.api.del(tokenMarkKey(id))
    }
    await asSuperuser(
      `update audit_logs set user_agent = 'console' where target_id = '${people[0].id}';
       update audit_logs set ts = now() - interval '31 days' where target_id = '${people[1].id}'`,
      database.url,
    )
    expect((await deck.change(repair, {})).answer.data).toEqual([])
  })
})
