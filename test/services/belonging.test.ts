import { randomUUID } from "node:crypto"
import { afterEach, expect, test } from "vitest"
import { ACCESS_LOG, tokenMarkKey, workerKey } from "../../src/adapters/redis/keys.ts"
import { setGateway } from "../../src/services/gateway/gateway.ts"
import { repair } from "../../src/services/repair.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  afterEach(() => operations.api.flushall())
  const suspension = async () => ({ id: (await addPerson(database.postgres)).id, status: "suspended" })
  const says =
    "the API's Redis names 1 user, 1 worker, none of which this PostgreSQL knows: it may be another platform's, check REDIS_URL"
  const strangers = () => operations.api.mset({ [tokenMarkKey(randomUUID())]: "1", [workerKey(randomUUID())]: "1" })

  test("a Redis that may be another platform's is told before it is written to, and the change stands all the same", async () => {
    const deck = await operations.deck()
    const input = await suspension()
    await strangers()
    expect((await deck.preview(updateUser, input)).effects[0]).toBe(says)
    expect((await deck.change(updateUser, input)).warnings).toEqual([says])
    expect(await operations.api.exists(tokenMarkKey(input.id))).toBe(1)
  })

  test("what is owed is not written there unasked", async () => {
    const deck = await operations.deck()
    const input = await suspension()
    await deck.change(updateUser, input)
    await operations.api.flushall()
    await strangers()
    await expect(deck.change(repair, {})).rejects.toMatchObject({
      code: "conflict",
      message: `nothing was written: ${says}`,
    })
    expect(await operations.api.exists(tokenMarkKey(input.id))).toBe(0)
  })

  test("strangers beside somebody known say nothing, nor does one alone", async () => {
    const deck = await operations.deck()
    await operations.api.set(tokenMarkKey(randomUUID()), "1")
    expect((await deck.change(updateUser, await suspension())).warnings).toEqual([])
    await strangers()
    expect((await deck.change(updateUser, await suspension())).warnings).toEqual([])
  })

  test("of the gateway's the users of its newest requests speak", async () => {
    for (let count = 0; count < 2; count++) await operations.gateway.xadd(ACCESS_LOG, "*", "user_id", randomUUID())
    const { effects } = await (await operations.deck()).preview(setGateway, { rate_limit_per_minute: 200 })
    expect(effects[0]).toMatch(/^the gateway's Redis names 2 users, none of which .* check GATEWAY_REDIS_URL$/)
  })
})
