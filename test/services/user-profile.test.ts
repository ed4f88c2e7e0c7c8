import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson, type Person, type PersonOptions } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const VERIFIED_AT = "2024-01-02T03:04:05.678901Z"

eachGeneration(database => {
  const operations = operationsOn(database)

  /** Edits somebody new; what the row and the newest audit row hold afterwards. */
  async function edit(columns: PersonOptions, patch: object) {
    const person = await addPerson(database.postgres, columns)
    const deck = await operations.deck()
    const outcome = await deck.change(updateUser, { id: person.id, ...patch })
    return { person, ...outcome, ...(await found(person)) }
  }

  const found = ({ id }: Person) =>
    database.postgres.run(async db => ({
      row: await db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
      audit: await db
        .selectFrom("audit_logs")
        .selectAll()
        .where("target_id", "=", id)
        .where("action", "like", "users.%")
        .execute(),
    }))

  const refusal = async (patch: object) => {
    const person = await addPerson(database.postgres)
    const error = await (await operations.deck()).change(updateUser, { id: person.id, ...patch }).catch(error => error)
    expect((await found(person)).audit).toEqual([])
    return error
  }

  const newEmail = () => `${randomUUID()}@example.com`

  test("changed fields alone are written and audited, with the reason", async () => {
    const columns = { username: "Alice", locale: "en-GB", timezone: "UTC" }
    const patch = { username: "Alicia", locale: "en-GB", timezone: "asia/shanghai", reason: "moved" }
    const { row, audit, steps, answer } = await edit(columns, patch)
    expect(row).toMatchObject({ username: "Alicia", locale: "en-GB", timezone: "Asia/Shanghai" })
    expect(answer).toMatchObject({ username: "Alicia", timezone: "Asia/Shanghai", orgs: [{ role: "member" }] })
    expect(steps.map(({ what }) => what)).toEqual(["name", "time zone", expect.stringMatching(/^audit/)])
    expect(audit).toHaveLength(1)
    expect(audit[0]).toMatchObject({
      action: "users.update",
      target_type: "user",
      before_state_json: { username: "Alice", timezone: "UTC" },
      after_state_json: { username: "Alicia", timezone: "Asia/Shanghai" },
    })
    expect(audit[0]?.metadata_json).toEqual({ reason: "moved" })
    expect(audit[0]?.before_state_json).toEqual({ username: "Alice", timezone: "UTC" })
  })

  test("what is so already is not written again", async () => {
    const columns = { username: "Alice", email: newEmail(), email_verified_at: VERIFIED_AT }
    const patch = { username: "Alice", email: columns.email, email_verified: true, status: "active" }
    const { audit, steps, row } = await edit(columns, patch)
    expect({ audit, steps }).toEqual({ audit: [], steps: [] })
    expect(row).toMatchObject({ email_verified_at: VERIFIED_AT })
  })

  test("empty text clears e-mail, locale and time zone", async () => {
    const columns = { email_verified_at: VERIFIED_AT, locale: "en-GB", timezone: "UTC" }
    const { row, audit } = await edit(columns, { email: "", locale: "", timezone: "" })
    expect(row).toMatchObject({ email: null, email_verified_at: null, locale: null, timezone: null })
    expect(audit[0]?.after_state_json).toEqual({ email: null, email_verified_at: null, locale: null, timezone: null })
  })

  describe("an e-mail address", () => {
    test("that is new is unverified", async () => {
      const email = newEmail()
      const { row, audit } = await edit({ email_verified_at: VERIFIED_AT }, { email })
      expect(row).toMatchObject({ email, email_verified_at: null })
      expect(audit[0]?.after_state_json).toEqual({ email, email_verified_at: null })
    })

    test("that is new is verified now where that comes with it", async () => {
      const { row } = await edit({ email_verified_at: VERIFIED_AT }, { email: newEmail(), email_verified: true })
      expect(Date.parse(row.email_verified_at as string)).toBeGreaterThan(Date.now() - 60_000)
    })

    test("is verified, keeps its time when it is verified again, and loses it", async () => {
      const { person, row } = await edit({}, { email_verified: true })
      expect(row.email_verified_at).toEqual(expect.any(String))
      const deck = await operations.deck()
      expect((await deck.change(updateUser, { id: person.id, email_verified: true })).steps).toEqual([])
      await deck.change(updateUser, { id: person.id, email_verified: false })
      expect((await found(person)).row).toMatchObject({ email_verified_at: null })
    })

    test("that is not there cannot be verified", async () => {
      expect(await refusal({ email: "", email_verified: true })).toMatchObject({
        code: "invalid",
        field: "email_verified",
      })
    })

    test("of somebody else is refused by the field, with whose it is; that of somebody deleted is free", async () => {
      const email = newEmail()
      const bob = await addPerson(database.postgres, { email })
      const refused = { code: "conflict", field: "email", message: `taken by ${bob.login} (active)` }
      expect(await refusal({ email })).toMatchObject(refused)
      const person = await addPerson(database.postgres)
      const deck = await operations.deck()
      await expect(deck.preview(updateUser, { id: person.id, email })).rejects.toMatchObject(refused)
      const gone = newEmail()
      await addPerson(database.postgres, { email: gone, deleted_at: "2024-01-01T00:00:00Z" })
      expect((await edit({}, { email: gone })).row).toMatchObject({ email: gone })
    })

    test("that two operators give away at the same moment goes to one", async () => {
      const email = newEmail()
      const people = [await addPerson(database.postgres), await addPerson(database.postgres)]
      const deck = await operations.deck()
      const outcomes = await Promise.allSettled(people.map(({ id }) => deck.change(updateUser, { id, email })))
      const refused = outcomes.filter(outcome => outcome.status === "rejected")
      expect(refused).toHaveLength(1)
      expect(refused[0]?.reason).toMatchObject({ code: "conflict", field: "email" })
    })
  })

  describe("somebody else's save in between", () => {
    test("is a conflict with all three values, and nothing is overwritten", async () => {
      const email = newEmail()
      const person = await addPerson(database.postgres, { email, timezone: "UTC" })
      const [mine, theirs] = [await operations.deck(), await operations.deck()]
      const seen = { username: "?", email, timezone: "UTC" }
      const [first, second] = [newEmail(), newEmail()]
      await theirs.change(updateUser, { id: person.id, email: first }, { seen })
      const late = mine.change(updateUser, { id: person.id, email: second, timezone: "Asia/Shanghai" }, { seen })
      await expect(late).rejects.toMatchObject({
        code: "conflict",
        message: `another operator saved meanwhile: email was "${email}" and is "${first}" now`,
        conflicts: [{ field: "email", was: email, theirs: first, yours: second }],
      })
      expect((await found(person)).row).toMatchObject({ email: first, timezone: "UTC" })
      const informed = { seen: { ...seen, email: first } }
      await mine.change(updateUser, { id: person.id, email: second }, informed)
      expect((await found(person)).row).toMatchObject({ email: second })
    })

    test("of other fields, or of the same value, is none", async () => {
      const person = await addPerson(database.postgres, { username: "before", locale: null })
      const seen = { username: "before", locale: "", timezone: null }
      const deck = await operations.deck()
      await deck.change(updateUser, { id: person.id, username: "after" }, { seen })
      await deck.change(updateUser, { id: person.id, username: "after", locale: "de" }, { seen })
      expect((await found(person)).row).toMatchObject({ username: "after", locale: "de" })
    })

    test("of the address that is to be verified is one: nobody vouches for what they never saw", async () => {
      const [email, theirs] = [newEmail(), newEmail()]
      const person = await addPerson(database.postgres, { email })
      const deck = await operations.deck()
      await deck.change(updateUser, { id: person.id, email: theirs })
      const verify = (seen: object) =>
        deck.change(updateUser, { id: person.id, email_verified: true }, { seen: { ...seen } })
      await expect(verify({ email, email_verified: false })).rejects.toMatchObject({
        code: "conflict",
        conflicts: [{ field: "email", was: email, theirs }],
      })
      expect((await found(person)).row).toMatchObject({ email: theirs, email_verified_at: null })
      await verify({ email: theirs })
      expect((await found(person)).row).toMatchObject({ email_verified_at: expect.any(String) })
    })

    test("at the same moment lets one through", async () => {
      const person = await addPerson(database.postgres, { username: "before" })
      const decks = await Promise.all([1, 2, 3].map(() => operations.deck()))
      const outcomes = await Promise.allSettled(
        decks.map((deck, i) =>
          deck.change(updateUser, { id: person.id, username: `by ${i}` }, { seen: { username: "before" } }),
        ),
      )
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
      expect((await found(person)).audit).toHaveLength(1)
    })
  })

  test.each([
    ["no field", {}, undefined, /nothing to change/],
    ["a reason alone", { reason: "x" }, undefined, /nothing to change/],
    ["keys that are not to be revoked", { revoke_keys: false }, undefined, /nothing to change/],
    ["a status that cannot be set", { status: "deleted" }, "status", /active or suspended/],
    ["an empty name", { username: " " }, "username", /empty/],
    ["a name with an escape", { username: "a\x1b[31m" }, "username", /control/],
    ["a name with a NUL", { username: "a\0" }, "username", /NUL/],
    ["an endless name", { username: "x".repeat(10_000) }, "username", /200/],
    ["no e-mail address", { email: "alice@" }, "email", /e-mail address/],
    ["an endless e-mail address", { email: `${"x".repeat(10_000)}@example.com` }, "email", /e-mail address/],
    ["a locale that does not exist", { locale: "xx-YY" }, "locale", /BCP 47/],
    ["a time zone that does not exist", { timezone: "Mars/Base" }, "timezone", /IANA/],
    ["a time zone that is an offset", { timezone: "+01:00" }, "timezone", /IANA/],
  ])("%s is a mistake that names the field, and writes nothing", async (_, patch, field, message) => {
    expect(await refusal(patch)).toMatchObject({ code: "invalid", exitStatus: 2, field, message })
  })

  test("an id that nobody has is no such thing", async () => {
    const deck = await operations.deck()
    const nobody = { id: randomUUID(), username: "x" }
    await expect(deck.change(updateUser, nobody)).rejects.toMatchObject({ code: "not_found", exitStatus: 4 })
    await expect(deck.preview(updateUser, nobody)).rejects.toMatchObject({ code: "not_found" })
    await expect(deck.change(updateUser, { id: "x", username: "x" })).rejects.toMatchObject({
      code: "invalid",
      field: "id",
    })
  })

  test("the preview of an edit says what becomes of each field, and asks nobody", async () => {
    const email = newEmail()
    const person = await addPerson(database.postgres, { username: "Alice", email, email_verified_at: VERIFIED_AT })
    const deck = await operations.deck()
    const patch = { username: "Alicia", email: "new@example.com", timezone: "UTC" }
    expect(await deck.preview(updateUser, { id: person.id, ...patch })).toMatchObject({
      title: `Edit ${person.login}`,
      effects: ["name: Alice → Alicia", `e-mail: ${email} → new@example.com (not verified)`, "time zone: none → UTC"],
      needsConfirmation: false,
    })
    const { effects } = await deck.preview(updateUser, { id: person.id, email_verified: false })
    expect(effects).toEqual([`e-mail: ${email} is not verified`])
  })
})
