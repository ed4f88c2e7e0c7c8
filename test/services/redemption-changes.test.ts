import { randomUUID } from "node:crypto"
import pg from "pg"
import { describe, expect, onTestFinished, test } from "vitest"
import { updateRedemptionBatch, updateRedemptionCode } from "../../src/services/redemption/redemption-changes.ts"
import { addRedemptionCode } from "../support/codes.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { until } from "../support/waiting.ts"

const WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"

eachGeneration(database => {
  const operations = operationsOn(database)
  const add = (columns: Parameters<typeof addRedemptionCode>[1] = {}) => addRedemptionCode(database.postgres, columns)
  const audit = (target: string) =>
    asSuperuser(
      `select action, target_type, metadata_json, before_state_json, after_state_json from audit_logs where target_id = '${target}'`,
      database.url,
    )
  const on = async (batch: string) =>
    (
      await asSuperuser(
        `select count(*)::int as n from redemption_codes where batch_id = '${batch}' and is_active`,
        database.url,
      )
    )[0]?.n

  describe("one code", () => {
    test("is switched off and on again, and both is written down without the code", async () => {
      const id = await add({ code: "SECR-ETSE-CRET-2345" })
      const deck = await operations.deck()
      const off = await deck.change(updateRedemptionCode, { id, is_active: false, reason: "leaked" })
      expect(off).toMatchObject({ answer: { id, is_active: false }, steps: [{ what: "switched off" }, {}] })
      expect(off.answer).not.toHaveProperty("state")
      expect(await audit(id)).toEqual([
        {
          action: "redemption_codes.update",
          target_type: "redemption_code",
          metadata_json: { reason: "leaked" },
          before_state_json: { is_active: true },
          after_state_json: { is_active: false },
        },
      ])
      const again = await deck.change(updateRedemptionCode, { id, is_active: false })
      expect(again.steps).toEqual([])
      await deck.change(updateRedemptionCode, { id, is_active: true })
      expect(JSON.stringify(await audit(id))).not.toContain("SECR")
      expect(await audit(id)).toHaveLength(2)
    })

    test("is previewed with what will come of it", async () => {
      const deck = await operations.deck()
      const effects = async (columns: object, is_active: boolean) => {
        const id = await add(columns)
        return (await deck.preview(updateRedemptionCode, { id, is_active })).effects
      }
      expect(await effects({}, false)).toEqual(["it can no longer be redeemed; past redemptions stay"])
      expect(await effects({}, true)).toEqual([expect.stringContaining("nothing changes")])
      expect(await effects({ is_active: false }, true)).toEqual(["it can be redeemed"])
      expect(await effects({ is_active: false, use_count: 1 }, true)).toEqual(["it is on, but used up"])
      expect(await effects({ is_active: false, type: "feature" }, true)).toEqual([
        "it can be redeemed",
        "a feature code that is redeemed is recorded, and does nothing more",
      ])
      expect(await effects({ is_active: false, expires_at: "2024-01-01T00:00:00Z" }, true)).toEqual([
        "it is on, but expired: 2024-01-01T00:00:00Z",
      ])
      expect(await effects({ is_active: false, expires_at: "-infinity" }, true)).toEqual([
        "it is on, but expired: -infinity",
      ])
    })

    test("that is not there is no such thing", async () => {
      const deck = await operations.deck()
      const nothing = { id: randomUUID(), is_active: true }
      await expect(deck.change(updateRedemptionCode, nothing)).rejects.toMatchObject({ code: "not_found" })
      await expect(deck.preview(updateRedemptionCode, nothing)).rejects.toMatchObject({ code: "not_found" })
    })
  })

  describe("a whole batch", () => {
    test("is counted, confirmed by the count, and switched off in one", async () => {
      const batch = `it's ${randomUUID()}`
      const literal = batch.replace("'", "''")
      for (let n = 0; n < 4; n++) await add({ batch_id: batch, is_active: n > 0 })
      await add({ batch_id: `${batch} 2` })
      const deck = await operations.deck()
      expect(await deck.preview(updateRedemptionBatch, { batch_id: batch, is_active: false })).toMatchObject({
        title: `Deactivate batch ${batch}`,
        subject: ["4 codes: 3 become inactive, 1 is already"],
        needsConfirmation: true,
        typed: "3",
      })
      await add({ batch_id: batch, is_active: false, type: "feature" })
      expect((await deck.preview(updateRedemptionBatch, { batch_id: batch, is_active: true })).effects).toEqual([
        "they can be redeemed, unless expired or used up",
        "a feature code that is redeemed is recorded, and does nothing more",
      ])
      const told: string[] = []
      const progress = (done: number, all: number) => void told.push(`${done}/${all}`)
      const { answer } = await deck.change(updateRedemptionBatch, { batch_id: batch, is_active: false }, { progress })
      expect(answer).toEqual({ batch_id: batch, changed: 3 })
      expect(told).toEqual(["0/3"])
      expect(await on(literal)).toBe(0)
      expect(await on(`${literal} 2`)).toBe(1)
      expect(await audit(literal)).toEqual([
        {
          action: "redemption_codes.update",
          target_type: "redemption_code_batch",
          metadata_json: { count: 3 },
          before_state_json: { is_active: true },
          after_state_json: { is_active: false },
        },
      ])
      expect((await deck.change(updateRedemptionBatch, { batch_id: batch, is_active: false })).steps).toEqual([])
      const nothing = await deck.preview(updateRedemptionBatch, { batch_id: batch, is_active: false })
      expect(nothing).toMatchObject({ unchanged: true, needsConfirmation: false })
      expect(nothing.typed).toBeUndefined()
    })

    test("that grew since its count was confirmed is refused, not switched unseen; one that shrank is switched", async () => {
      const batch = randomUUID()
      for (let n = 0; n < 3; n++) await add({ batch_id: batch })
      const deck = await operations.deck()
      const off = (confirmed: string) =>
        deck.change(updateRedemptionBatch, { batch_id: batch, is_active: false }, { seen: { confirmed } })
      await expect(off("2")).rejects.toMatchObject({
        code: "conflict",
        message: "the batch has changed meanwhile: 3 codes instead of the 2 confirmed",
      })
      expect(await on(batch)).toBe(3)
      expect((await off("4")).answer).toEqual({ batch_id: batch, changed: 3 })
    })

    test("of more codes than go at a time is switched whole", async () => {
      const batch = randomUUID()
      await asSuperuser(
        `insert into redemption_codes (code, type, value, batch_id, created_by_user_id)
         select '${batch}' || n, 'credit', '1', '${batch}', gen_random_uuid() from generate_series(1, 12000) n`,
        database.url,
      )
      const deck = await operations.deck()
      const { answer } = await deck.change(updateRedemptionBatch, { batch_id: batch, is_active: false })
      expect(answer.changed).toBe(12_000)
      expect(await on(batch)).toBe(0)
    })

    test("is left alone by whoever is stopped while they wait for it", async () => {
      const admin = await addAdministrator(database.postgres)
      const deck = await operations.deck(admin)
      const batch = randomUUID()
      await add({ batch_id: batch })
      const holder = new pg.Client(database.url)
      await holder.connect()
      onTestFinished(() => holder.end())
      await holder.query(`begin; update redemption_codes set use_count = 1 where batch_id = '${batch}'`)
      const change = deck.change(updateRedemptionBatch, { batch_id: batch, is_active: false })
      await Promise.all([
        expect(change).rejects.toMatchObject({ code: "forbidden" }),
        (async () => {
          await until(async () => (await asSuperuser(WAITING, database.url)).length > 0)
          await asSuperuser(`update users set status = 'suspended' where id = '${admin.id}'`, database.url)
          await holder.query("commit")
        })(),
      ])
      expect(await on(batch)).toBe(1)
    })

    test("that is not there is no such thing", async () => {
      const deck = await operations.deck()
      const nothing = { batch_id: randomUUID(), is_active: true }
      await expect(deck.preview(updateRedemptionBatch, nothing)).rejects.toMatchObject({ code: "not_found" })
      await expect(deck.change(updateRedemptionBatch, nothing)).rejects.toMatchObject({ code: "not_found" })
    })
  })
})
