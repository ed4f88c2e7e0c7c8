import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { commandOf } from "../../src/services/operation.ts"
import { listRedemptionCodes, showRedemptionCode } from "../../src/services/redemption/redemption-codes.ts"
import { listRedemptions } from "../../src/services/redemption/redemptions.ts"
import { addRedemptionCode } from "../support/codes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const listCommand = commandOf(listRedemptionCodes)

const PAST = "2024-01-01T00:00:00Z"
const FUTURE = "2100-01-01T00:00:00Z"

eachGeneration(database => {
  const operations = operationsOn(database)
  const add = (columns: Parameters<typeof addRedemptionCode>[1]) => addRedemptionCode(database.postgres, columns)
  const found = async (input: object) =>
    (await (await operations.deck()).run(listCommand, input)).data.map(({ code }) => code)
  const browsed = async (input: object) => (await (await operations.deck()).run(listRedemptionCodes, input)).data

  describe("a search", () => {
    test("finds a part of the code or of the batch, in any case, newest first, each once", async () => {
      const batch = `Spring_${randomUUID()}`
      await add({ code: "SPRG-2222-3333-4444", batch_id: batch, created_at: "2026-01-01T00:00:00Z" })
      await add({ code: "Worded-Spring-Code", batch_id: null, created_at: "2026-01-02T00:00:00Z" })
      await add({ code: "ZZZZ-ZZZZ-ZZZZ-SPRX", batch_id: `other ${batch}`, created_at: "2026-01-03T00:00:00Z" })
      await add({ code: "ZZZZ-ZZZZ-ZZZZ-ZZZZ", batch_id: null })
      expect(await found({ q: "spring" })).toEqual(["ZZZZ-ZZZZ-ZZZZ-SPRX", "Worded-Spring-Code", "SPRG-2222-3333-4444"])
      expect(await found({ q: "spr" })).toEqual(["ZZZZ-ZZZZ-ZZZZ-SPRX", "Worded-Spring-Code", "SPRG-2222-3333-4444"])
      expect(await found({ q: batch })).toEqual(["ZZZZ-ZZZZ-ZZZZ-SPRX", "SPRG-2222-3333-4444"])
      expect(await found({ q: "sprg-2222-3333-4444" })).toEqual(["SPRG-2222-3333-4444"])
      expect(await found({ q: "2-333" })).toEqual(["SPRG-2222-3333-4444"])
      expect(await found({ q: "worded" })).toEqual(["Worded-Spring-Code"])
    })

    test("takes every character as itself", async () => {
      const batch = `100%_\\${randomUUID()}`
      await add({ code: "percent", batch_id: batch })
      expect(await found({ q: batch })).toEqual(["percent"])
      expect(await found({ q: "100%_\\" })).toEqual(["percent"])
      expect(await found({ q: "1%_" })).toEqual([])
    })

    test("pages through many batches without an index on them as with one", async () => {
      const mark = randomUUID()
      for (let n = 0; n < 5; n++) await add({ batch_id: `${mark} ${n % 2}`, created_at: `2026-02-0${n + 1}T00:00:00Z` })
      const all = async () => {
        const deck = await operations.deck()
        const days: string[] = []
        let cursor: string | undefined
        do {
          const page = await deck.run(listCommand, { q: mark, limit: 2, cursor })
          days.push(...page.data.map(code => code.created_at.slice(8, 10)))
          cursor = page.next_cursor ?? undefined
        } while (cursor !== undefined)
        return days
      }
      const expected = ["05", "04", "03", "02", "01"]
      expect(await all()).toEqual(expected)
      await asSuperuser("drop index redemption_codes_batch", database.url)
      expect(await all()).toEqual(expected)
      await asSuperuser("create index redemption_codes_batch on redemption_codes (batch_id)", database.url)
    })

    test("finds a batch among more than it looks through one by one", async () => {
      const mark = randomUUID()
      await asSuperuser(
        `insert into redemption_codes (code, type, value, batch_id, created_by_user_id)
         select '${mark}' || n, 'credit', '1', '${mark}' || n, gen_random_uuid() from generate_series(1, 300) n`,
        database.url,
      )
      expect(await found({ q: mark, limit: 200 })).toHaveLength(200)
      expect(await found({ q: `${mark}299` })).toEqual([`${mark}299`])
    })
  })

  test("a list is held to a type, and to a batch by its whole name", async () => {
    const batch = randomUUID()
    await add({ code: `${batch} credit`, batch_id: batch })
    await add({ code: `${batch} feature`, batch_id: batch, type: "feature", value: "voice" })
    await add({ code: `${batch} other`, batch_id: `${batch} 2` })
    expect(await found({ q: batch, type: "feature" })).toEqual([`${batch} feature`])
    expect((await browsed({ batch_id: batch })).map(({ code }) => code).toSorted()).toEqual([
      `${batch} credit`,
      `${batch} feature`,
    ])
  })

  test("the state is what keeps a code from being redeemed, the most lasting first", async () => {
    const batch = randomUUID()
    const used = { use_count: 1 }
    const codes = {
      active: { expires_at: FUTURE },
      "active without an end": { max_uses: 3, use_count: 2 },
      "used up": { ...used, expires_at: FUTURE },
      expired: { ...used, expires_at: PAST },
      off: { ...used, expires_at: PAST, is_active: false },
      "off 2": { is_active: false },
    }
    for (const [name, columns] of Object.entries(codes)) await add({ batch_id: batch, code: batch + name, ...columns })
    const rows = await browsed({ batch_id: batch })
    expect(Object.fromEntries(rows.map(({ code, state }) => [code.slice(batch.length), state]))).toEqual({
      active: "active",
      "active without an end": "active",
      "used up": "used up",
      expired: "expired",
      off: "off",
      "off 2": "off",
    })
    for (const state of ["active", "used up", "expired", "off"]) {
      const only = await browsed({ batch_id: batch, state })
      expect(only).toEqual(rows.filter(row => row.state === state))
      expect(await browsed({ q: batch, state })).toEqual(only)
    }
  })

  test("one code is shown with who made it, and with who redeemed it and when", async () => {
    const [maker, customer] = [await addPerson(database.postgres), await addPerson(database.postgres)]
    const id = await add({ code: randomUUID(), created_by_user_id: maker.id, max_uses: 5, use_count: 2 })
    const gone = randomUUID()
    await database.postgres.transaction(async tx => {
      const records = [
        { user_id: customer.id, org_id: customer.orgId, redeemed_at: "2026-01-02T00:00:00.000001Z" },
        { user_id: gone, org_id: gone, redeemed_at: "2026-01-01T00:00:00Z" },
      ]
      for (const record of records)
        await tx
          .insertInto("redemption_records")
          .values({ code_id: id, ...record })
          .execute()
    })
    const deck = await operations.deck()
    expect(await deck.run(showRedemptionCode, { id })).toMatchObject({
      id,
      state: "active",
      created_by_login: maker.login,
      created_by_username: maker.login,
    })
    const { data } = await deck.run(listRedemptions, { id })
    expect(data).toMatchObject([
      {
        user_id: customer.id,
        login: customer.login,
        org_name: customer.login,
        redeemed_at: "2026-01-02T00:00:00.000001Z",
      },
      { user_id: gone, login: null, username: null, org_name: null },
    ])
    await expect(deck.run(showRedemptionCode, { id: gone })).rejects.toMatchObject({ code: "not_found" })
  })
})
