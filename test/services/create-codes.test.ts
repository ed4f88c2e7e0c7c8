import { randomBytes } from "node:crypto"
import { describe, expect, test } from "vitest"
import { CODE_PATTERN } from "../../src/domain/redemption-code.ts"
import { Deck } from "../../src/services/deck.ts"
import { createCodes, createRedemptionCodes } from "../../src/services/redemption/create-codes.ts"
import type { RandomSource } from "../../src/services/redemption/generate-codes.ts"
import { batch, countOf } from "../support/codes.ts"
import { operationsOn } from "../support/operators.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const count = (name: string) => countOf(database, name)

  test("codes are made as wanted, answered once, and written down without themselves", async () => {
    const deck = await operations.deck()
    const wanted = batch({ max_uses: 2, expires_at: "2100-01-01T00:00:00.5+02:00", reason: "spring" })
    const told: [number, number][] = []
    const { answer, steps } = await deck.change(createRedemptionCodes, wanted, {
      progress: (...done) => void told.push(done),
    })
    expect(answer.batch_id).toBe(wanted.batch_id)
    expect(answer.data).toHaveLength(3)
    for (const code of answer.data) {
      expect(code).toEqual({
        id: expect.any(String),
        code: expect.stringMatching(new RegExp(CODE_PATTERN)),
        type: "credit",
        value: "1",
        max_uses: 2,
        use_count: 0,
        expires_at: "2099-12-31T22:00:00.5Z",
        is_active: true,
        batch_id: wanted.batch_id,
        created_by_user_id: deck.operator.userId,
        created_at: expect.any(String),
      })
    }
    const stored = await asSuperuser(
      `select id, code from redemption_codes where batch_id = '${wanted.batch_id}' order by id`,
      database.url,
    )
    const byId = answer.data.map(({ id, code }) => ({ id, code })).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(stored).toEqual(byId)
    expect(steps[0]?.what).toBe(`3 codes in batch ${wanted.batch_id}`)
    expect(told).toEqual([
      [0, 3],
      [3, 3],
    ])
    const rows = await asSuperuser(`select * from audit_logs where target_id = '${wanted.batch_id}'`, database.url)
    expect(rows).toMatchObject([
      {
        action: "redemption_codes.batch_create",
        target_type: "redemption_code_batch",
        metadata_json: { count: 3, type: "credit", batch_id: wanted.batch_id, reason: "spring" },
      },
    ])
    for (const { code } of answer.data) expect(JSON.stringify(rows)).not.toContain(code)
  })

  describe("a large grant", () => {
    const large = batch({ count: 2, value: "50001", max_uses: 3 })
    const sum = "must be 300006: that is what these codes are worth in all, a large grant"
    const refusal = { code: "invalid", field: "confirm_total", message: sum }

    test("is made only when its sum is confirmed, typed or given", async () => {
      const deck = await operations.deck()
      expect(await deck.preview(createRedemptionCodes, large)).toMatchObject({
        typed: "300006",
        needsConfirmation: true,
        effects: expect.arrayContaining([expect.stringContaining("together worth 300 006 credits")]),
      })
      await expect(deck.change(createRedemptionCodes, large)).rejects.toMatchObject(refusal)
      const wrong = { ...large, confirm_total: "300005" }
      await expect(deck.preview(createRedemptionCodes, wrong)).rejects.toMatchObject(refusal)
      await expect(deck.change(createRedemptionCodes, wrong)).rejects.toMatchObject(refusal)
      const before = { ...large, value: "50002" }
      await expect(deck.change(createRedemptionCodes, before, { seen: { confirmed: "300006" } })).rejects.toMatchObject(
        {
          field: "confirm_total",
        },
      )
      expect(await count(large.batch_id)).toBe(0)
      await deck.change(createRedemptionCodes, large, { seen: { confirmed: "300006" } })
      await deck.change(createRedemptionCodes, { ...large, confirm_total: "300006" })
      expect(await count(large.batch_id)).toBe(4)
      expect(await deck.preview(createRedemptionCodes, { ...large, confirm_total: "300006" })).not.toHaveProperty(
        "typed",
      )
    })

    test.each([
      ["up to the sum of the profile", batch({ count: 1, value: "100000" }), undefined, undefined],
      ["one more", batch({ count: 1, value: "100001" }), undefined, "100001"],
      ["of type credits", batch({ count: 1, type: "credits", value: "9".repeat(18) }), undefined, "9".repeat(18)],
      ["of another profile's sum", batch({ value: "1" }), 2, "3"],
      ["of features, which are no credits", batch({ count: 100_000, type: "feature", value: "voice" }), 0, undefined],
    ])("begins %s", async (_, wanted, largeGrant, typed) => {
      const { operator } = await operations.deck()
      const deck = new Deck({ ...database, redis: {} as never, environment: { name: "", largeGrant } }, operator)
      const previews = deck.preview(createRedemptionCodes, wanted)
      expect((await previews).typed).toBe(typed)
    })
  })

  test("a batch without a name gets one, and is told it", async () => {
    const deck = await operations.deck()
    const { answer } = await deck.change(createRedemptionCodes, batch({ batch_id: undefined }))
    expect(answer.batch_id).toMatch(/^batch-\d{8}-[a-z2-9]{4}$/)
    expect(await count(answer.batch_id)).toBe(3)
  })

  test("more codes than go at a time are all made, each once", async () => {
    const deck = await operations.deck()
    const { answer } = await deck.change(createRedemptionCodes, batch({ count: 6000 }))
    expect(new Set(answer.data.map(({ code }) => code)).size).toBe(6000)
    expect(await count(answer.batch_id)).toBe(6000)
  })

  test("a code that exists already, or came twice, is drawn again", async () => {
    const deck = await operations.deck()
    const drawing = (random: RandomSource): typeof createRedemptionCodes => ({
      ...createRedemptionCodes,
      run: (context, wanted) => createCodes(context, wanted, random),
    })
    const stuck = randomBytes(16)
    const first = await deck.change(
      drawing(() => stuck),
      batch({ count: 1 }),
    )
    // At first it repeats itself, and what there is; then a byte more is other each time.
    let calls = 0
    const repeating = (bytes: number) => {
      calls++
      const all = Buffer.concat(Array.from({ length: bytes / 16 }, () => stuck))
      if (calls > 2) all.fill(randomBytes(16), 0, 16)
      return all
    }
    const { answer } = await deck.change(drawing(repeating), batch({ count: 4 }))
    expect(new Set([...first.answer.data, ...answer.data].map(({ code }) => code)).size).toBe(5)
    expect(calls).toBe(6)
  })

  describe("a preview", () => {
    const preview = async (more: object) => (await operations.deck()).preview(createRedemptionCodes, batch(more))

    test("says how many, what they are worth together, and until when", async () => {
      const { title, subject, effects, needsConfirmation } = await preview({
        count: 500,
        batch_id: "spring",
        expires_at: "2100-01-01T00:00:00+01:00",
      })
      expect({ title, subject, needsConfirmation }).toEqual({
        title: "Create 500 codes",
        subject: ["type credit, value 1, batch spring"],
        needsConfirmation: true,
      })
      expect(effects.slice(0, 2)).toEqual([
        "500 codes, together worth 500 credits, until 2099-12-31 23:00 UTC",
        "each can be redeemed once",
      ])
    })

    test("counts every use, and what has no number by itself", async () => {
      expect((await preview({ count: 1 })).needsConfirmation).toBe(false)
      const many = await preview({ count: 1, value: "123456789012345678", max_uses: 10 })
      expect(many.effects.slice(0, 2)).toEqual([
        "1 code, together worth 1 234 567 890 123 456 780 credits, without expiry",
        "each can be redeemed 10 times, once by each user",
      ])
      const feature = (await preview({ type: "feature", value: "voice" })).effects
      expect(feature).toContain("a feature code that is redeemed is recorded, and does nothing more")
      expect(many.effects.join()).not.toContain("nothing more")
      expect(feature[0]).toBe("3 codes, each worth feature voice, without expiry")
    })

    test("echoes a span as a date, and says that a batch is there already", async () => {
      const there = batch({ expires_at: "30d" })
      const deck = await operations.deck()
      await deck.change(createRedemptionCodes, there)
      const { effects } = await deck.preview(createRedemptionCodes, there)
      const date = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
      expect(effects[0]).toContain(`until ${date}`)
      expect(effects).toContain("the batch has 3 codes already: these are added to it")
    })
  })

  test.each([
    ["count 0", { count: 0 }, "count", /1 to 100000/],
    ["count -1", { count: "-1" }, "count", /1 to 100000/],
    ["count 1e9", { count: 1e9 }, "count", /1 to 100000/],
    ["count 2.5", { count: 2.5 }, "count", /whole number/],
    ["no count", { count: undefined }, "count", /is missing/],
    ["a type with capitals", { type: "Credit" }, "type", /small letters/],
    ["no type", { type: "" }, "type", /small letters/],
    ["a value that is no amount", { value: "ten" }, "value", /whole number above 0/],
    ["a value of nothing", { value: "0", type: "credits" }, "value", /whole number above 0/],
    ["a broken value", { value: "1.5" }, "value", /whole number above 0/],
    ["no value", { type: "feature", value: " " }, "value", /empty/],
    ["no use", { max_uses: 0 }, "max_uses", /1 to 2147483647/],
    ["an expiry in the past", { expires_at: "2024-01-01T00:00:00Z" }, "expires_at", /in the future/],
    ["an expiry without a zone", { expires_at: "2100-01-01T00:00:00" }, "expires_at", /with its zone/],
    ["an empty expiry", { expires_at: "" }, "expires_at", /with its zone/],
    ["an expiry in no zone there is", { expires_at: "2100-01-01T00:00:00+20:00" }, "expires_at", /with its zone/],
    ["an expiry of no length", { expires_at: "0d" }, "expires_at", /in the future/],
    ["an expiry beyond all calendars", { expires_at: "999999999w" }, "expires_at", /span like 30d/],
    ["an empty batch name", { batch_id: "" }, "batch_id", /empty/],
    ["an endless batch name", { batch_id: "x".repeat(10_000) }, "batch_id", /200 characters/],
    ["a batch name that reads the other way round", { batch_id: "\u202eevil" }, "batch_id", /invisible/],
    ["a batch name that nobody sees", { batch_id: "\u200b" }, "batch_id", /invisible/],
    ["a batch name with an escape", { batch_id: "a\x1b[31m" }, "batch_id", /control/],
  ])("%s is a mistake that names the field", async (_, more, field, message) => {
    const deck = await operations.deck()
    const refused = { code: "invalid", exitStatus: 2, field, message }
    await expect(deck.change(createRedemptionCodes, batch(more))).rejects.toMatchObject(refused)
    await expect(deck.preview(createRedemptionCodes, batch(more))).rejects.toMatchObject(refused)
  })

  test.each([
    ["a list", "type in ('credit', 'feature')"],
    ["a list of one", "type = 'credit' or type = 'feature'"],
  ])("where the platform allows some types only, %s, the refusal names them", async (_, check) => {
    await asSuperuser(`alter table redemption_codes add constraint t check (${check}) not valid`, database.url)
    try {
      const deck = await operations.deck()
      const refused = { code: "invalid", field: "type", message: /coupon.*credit, feature/ }
      await expect(deck.change(createRedemptionCodes, batch({ type: "coupon" }))).rejects.toMatchObject(refused)
      await expect(deck.preview(createRedemptionCodes, batch({ type: "coupon" }))).rejects.toMatchObject(refused)
      expect((await deck.change(createRedemptionCodes, batch())).answer.data).toHaveLength(3)
    } finally {
      await asSuperuser("alter table redemption_codes drop constraint t", database.url)
    }
  })

  test("a check that cannot be read is PostgreSQL's to refuse, by the field", async () => {
    await asSuperuser("alter table redemption_codes add constraint t check (length(type) < 8) not valid", database.url)
    try {
      const deck = await operations.deck()
      const wanted = batch({ type: "unheard_of", value: "x" })
      await expect(deck.change(createRedemptionCodes, wanted)).rejects.toMatchObject({ code: "invalid" })
      expect(await count(wanted.batch_id)).toBe(0)
    } finally {
      await asSuperuser("alter table redemption_codes drop constraint t", database.url)
    }
  })
})
