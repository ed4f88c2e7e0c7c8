import { expect, onTestFinished, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { Deck } from "../../src/services/deck.ts"
import { createRedemptionCodes } from "../../src/services/redemption/create-codes.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { batch, countOf } from "../support/codes.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { COMMIT, startTcpProxy, through } from "../support/tcp-proxy.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const count = (name: string) => countOf(database, name)

  test("who calls it off in the middle has no code, and is told so", async () => {
    const deck = await operations.deck()
    const wanted = batch({ count: 20_000 })
    const calling = new AbortController()
    const progress = (done: number) => done > 0 && calling.abort()
    const made = deck.change(createRedemptionCodes, wanted, { signal: calling.signal, progress })
    await expect(made).rejects.toMatchObject({ code: "cancelled", message: "cancelled: no codes were created" })
    expect(await count(wanted.batch_id)).toBe(0)
  })

  /** An operator behind a bad network. */
  async function lab() {
    const proxy = await startTcpProxy(Number(new URL(database.url).port))
    const postgres = openPostgres({ url: through(proxy, database.url) })
    onTestFinished(async () => {
      await postgres.close()
      await proxy.close()
    })
    const platform = { postgres, redis: null as never }
    const person = await addAdministrator(database.postgres)
    return { proxy, deck: new Deck(platform, await signIn(platform, person, { console: false })) }
  }

  test("a connection that is lost in the middle leaves none, and it says so", async () => {
    const { proxy, deck } = await lab()
    const wanted = batch({ count: 20_000 })
    const progress = (done: number) => done > 0 && proxy.reset()
    await expect(deck.change(createRedemptionCodes, wanted, { progress })).rejects.toMatchObject({
      code: "unavailable",
      message: /^no codes were created: PostgreSQL .*cannot be reached/,
    })
    expect(await count(wanted.batch_id)).toBe(0)
  })

  test("a commit whose answer is lost is looked into", async () => {
    const { proxy, deck } = await lab()
    const wanted = batch()
    const made = deck.change(createRedemptionCodes, wanted, {
      progress: (done, all) => void (done === all && proxy.cut(COMMIT, "unanswered")),
    })
    expect((await made).answer.data).toHaveLength(3)
    expect(await count(wanted.batch_id)).toBe(3)
  })

  test("where nobody can be asked, it says where to look", async () => {
    const { proxy, deck } = await lab()
    const wanted = batch()
    const made = deck.change(createRedemptionCodes, wanted, {
      progress: (done, all) => void (done === all && proxy.cut(COMMIT, "unanswered").then(() => proxy.close())),
    })
    await expect(made).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(
        new RegExp(`may or may not be saved.*: they would be in batch ${wanted.batch_id}$`),
      ),
    })
  })
})
