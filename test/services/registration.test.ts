import { afterEach, expect, test } from "vitest"
import { featureCacheKey } from "../../src/adapters/redis/keys.ts"
import { setRegistration, showRegistration } from "../../src/services/registration.ts"
import { repair } from "../../src/services/repair.ts"
import { operationsOn } from "../support/operators.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const KEY = featureCacheKey("registration.open")

eachGeneration(database => {
  const operations = operationsOn(database)
  const sql = (query: string) => asSuperuser(query, database.url)
  const show = async () => (await operations.deck()).run(showRegistration, {})
  const set = async (open: boolean) => (await operations.deck()).change(setRegistration, { open, reason: "flood" })
  const audits = () =>
    sql(`select action, target_type, target_id, metadata_json, before_state_json, after_state_json
      from audit_logs where action like 'feature_flags.%' order by ts`)

  afterEach(async () => {
    await operations.api.flushall()
    await sql("truncate feature_flags; delete from audit_logs where action like 'feature_flags.%'")
  })

  test("without a row it is by invitation only, and asking for that writes nothing", async () => {
    expect(await show()).toEqual({ open: false, source: "default", kept: true })
    expect(await set(false)).toMatchObject({ answer: { open: false, source: "default" }, steps: [] })
    expect(await sql("select 1 from feature_flags")).toEqual([])
    expect(await audits()).toEqual([])
  })

  test("opening inserts the row, closing updates it; both are audited and forgotten by the API's cache", async () => {
    await operations.api.set(KEY, "0")
    expect(await set(true)).toMatchObject({ answer: { open: true, source: "flag" } })
    expect(await operations.api.get(KEY)).toBeNull()
    await operations.api.set(KEY, "1")
    await set(false)
    expect(await operations.api.get(KEY)).toBeNull()
    expect(await show()).toEqual({ open: false, source: "flag", kept: true })
    const [flag] = await sql("select id from feature_flags where key = 'registration.open'")
    const row = {
      target_type: "feature_flag",
      target_id: flag?.id,
      metadata_json: { key: "registration.open", reason: "flood" },
    }
    const [opened, closed] = [{ default_value: true }, { default_value: false }]
    expect(await audits()).toEqual([
      { ...row, action: "feature_flags.create", before_state_json: null, after_state_json: opened },
      { ...row, action: "feature_flags.update", before_state_json: opened, after_state_json: closed },
    ])
  })

  test("an old value in the cache is owed: found by the same change asked again, and by repair", async () => {
    await set(true)
    await operations.api.set(KEY, "0")
    const deck = await operations.deck()
    expect(await deck.preview(setRegistration, { open: true })).toMatchObject({
      effects: ["API's cache of registration (Redis): written again"],
    })
    await set(true)
    expect(await operations.api.get(KEY)).toBeNull()
    await operations.api.set(KEY, "0")
    expect(await deck.change(repair, {})).toMatchObject({ steps: [{ what: "API's cache of registration (Redis)" }] })
    expect(await operations.api.get(KEY)).toBeNull()
  })

  test("the preview says what changes, and asks", async () => {
    await sql("insert into feature_flags (key, default_value) values ('registration.open', true)")
    expect(await (await operations.deck()).preview(setRegistration, { open: false })).toMatchObject({
      title: "Close registration",
      subject: ["now open to anybody"],
      effects: ["a new account needs an invite code; accounts that exist stay"],
      needsConfirmation: true,
    })
  })

  test("where the table is missing it says so, and cannot be switched", async () => {
    await sql("alter table feature_flags rename to flags_away")
    try {
      const deck = await operations.deck()
      expect(await show()).toEqual({ open: false, source: "default", kept: false })
      expect(await deck.caveat(showRegistration, {})).toMatch(/^not kept by this platform/)
      await expect(set(true)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("not kept") })
    } finally {
      await sql("alter table flags_away rename to feature_flags")
    }
  })
})
