import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import type { Postgres } from "../../src/adapters/postgres/connection.ts"
import { tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { repair } from "../../src/services/repair.ts"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

const SHORT_TRACE = { what: expect.stringMatching(/^audit [0-9a-f]{4}…$/) }

eachGeneration(database => {
  const operations = operationsOn(database)

  /** Somebody with two sessions, three invite codes of which one is off, two API keys and a run that is going on. */
  async function equipped(columns: Parameters<typeof addPerson>[1] = {}): Promise<Person> {
    const person = await addPerson(database.postgres, columns)
    await addApiKey(database.postgres, person)
    await addApiKey(database.postgres, person)
    const { id: user_id, orgId: org_id } = person
    await database.postgres.transaction(async tx => {
      const expires_at = "2100-01-01T00:00:00Z"
      for (const token_hash of ["a", "b"]) {
        await tx.insertInto("refresh_tokens").values({ user_id, token_hash, expires_at }).execute()
      }
      for (const is_active of [true, true, false]) {
        await tx.insertInto("invite_codes").values({ user_id, code: randomUUID(), max_uses: 1, is_active }).execute()
      }
      const thread = { org_id, thread_id: randomUUID() }
      await tx
        .insertInto("runs")
        .values({ ...thread, created_by_user_id: user_id })
        .execute()
    })
    return person
  }

  const row = (id: string) =>
    database.postgres.run(db => db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow())

  /** What stops or goes on with somebody: how many there are of each. */
  const holdings = ({ id }: Person) =>
    database.postgres.run(async db => ({
      sessions: (
        await db
          .selectFrom("refresh_tokens")
          .select("id")
          .where("user_id", "=", id)
          .where("revoked_at", "is", null)
          .execute()
      ).length,
      codes: (
        await db
          .selectFrom("invite_codes")
          .select("id")
          .where("user_id", "=", id)
          .where("is_active", "=", true)
          .execute()
      ).length,
      keys: (
        await db.selectFrom("api_keys").select("id").where("user_id", "=", id).where("revoked_at", "is", null).execute()
      ).length,
      credentials: (await db.selectFrom("user_credentials").select("id").where("user_id", "=", id).execute()).length,
    }))

  const audit = (postgres: Postgres, id: string) =>
    postgres.run(db =>
      db
        .selectFrom("audit_logs")
        .selectAll()
        .where("target_id", "=", id)
        .where("action", "like", "users.%")
        .orderBy("ts")
        .orderBy("action")
        .execute(),
    )

  const microseconds = async (id: string) => {
    const [mark] = await asSuperuser(
      `select (extract(epoch from tokens_invalid_before) * 1000000)::bigint as mark from users where id = '${id}'`,
      database.url,
    )
    return mark?.mark as string
  }

  describe("suspending", () => {
    test("ends every session in the row and in Redis, switches the invite codes off and leaves the keys", async () => {
      const person = await equipped()
      const deck = await operations.deck()
      const { answer, steps, traceId } = await deck.change(updateUser, {
        id: person.id,
        status: "suspended",
        reason: "credential stuffing",
      })
      expect(answer).toMatchObject({ id: person.id, status: "suspended", login: person.login })
      expect(steps).toEqual([
        { what: "status" },
        { what: "sessions (PostgreSQL)" },
        { what: "sessions (Redis)" },
        { what: "2 codes off" },
        SHORT_TRACE,
      ])
      expect(await holdings(person)).toEqual({ sessions: 0, codes: 0, keys: 2, credentials: 1 })
      const mark = await microseconds(person.id)
      expect(Number(mark) / 1000).toBeGreaterThan(Date.now() - 60_000)
      expect(await operations.api.get(tokenMarkKey(person.id))).toBe(mark)
      expect(await operations.api.ttl(tokenMarkKey(person.id))).toBeGreaterThan(2_591_000)
      expect(await audit(database.postgres, person.id)).toMatchObject([
        {
          action: "users.status_changed",
          org_id: null,
          actor_user_id: deck.operator.userId,
          target_type: "user",
          trace_id: traceId,
          user_agent: expect.stringMatching(/^opsdeck\//),
          metadata_json: {
            old_status: "active",
            new_status: "suspended",
            sessions: 2,
            invite_codes: 2,
            reason: "credential stuffing",
          },
          before_state_json: { status: "active" },
          after_state_json: { status: "suspended" },
        },
      ])
    })

    test("revokes the API keys where that is asked for", async () => {
      const person = await equipped()
      const deck = await operations.deck()
      const { steps } = await deck.change(updateUser, { id: person.id, status: "suspended", revoke_keys: true })
      expect(steps).toContainEqual({ what: "2 keys revoked" })
      expect(await holdings(person)).toMatchObject({ keys: 0 })
      const rows = await audit(database.postgres, person.id)
      expect(rows).toHaveLength(1)
      expect(rows[0]?.metadata_json).toMatchObject({ api_keys: 2 })
    })

    test("never lowers a time that is later, neither in the row nor in Redis", async () => {
      const later = "2100-01-01T00:00:00.000001Z"
      const person = await addPerson(database.postgres, { tokens_invalid_before: later })
      const other = await addPerson(database.postgres)
      await operations.api.set(tokenMarkKey(other.id), "4102444800000002")
      const deck = await operations.deck()
      await deck.change(updateUser, { id: person.id, status: "suspended" })
      await deck.change(updateUser, { id: other.id, status: "suspended" })
      expect(await row(person.id)).toMatchObject({ tokens_invalid_before: later })
      expect(await operations.api.get(tokenMarkKey(person.id))).toBe("4102444800000001")
      expect(await operations.api.get(tokenMarkKey(other.id))).toBe("4102444800000002")
    })

    test("somebody suspended already writes nothing", async () => {
      const person = await equipped({ status: "suspended" })
      const deck = await operations.deck()
      const { answer, steps } = await deck.change(updateUser, { id: person.id, status: "suspended" })
      expect(answer).toMatchObject({ status: "suspended" })
      expect(steps).toEqual([])
      expect(await holdings(person)).toMatchObject({ sessions: 2, codes: 2 })
      expect(await audit(database.postgres, person.id)).toEqual([])
      expect(await operations.api.exists(tokenMarkKey(person.id))).toBe(0)
    })

    test("says beforehand what will happen, and what will not", async () => {
      const person = await equipped({ username: "Alice Liddell" })
      const deck = await operations.deck()
      const preview = await deck.preview(updateUser, { id: person.id, status: "suspended" })
      expect(preview).toEqual({
        title: `Suspend ${person.login}`,
        subject: [`Alice Liddell · ${person.login}@example.com · ${person.login} (member)`],
        effects: [
          "signing in is refused, every session issued until now ends at once",
          "2 API keys keep working: the platform does not stop them",
          "2 invite codes are switched off; activating again does not bring them back",
          "1 run that is going on is not stopped",
        ],
        asks: true,
      })
      const revoking = await deck.preview(updateUser, { id: person.id, status: "suspended", revoke_keys: true })
      expect(revoking.effects).toContain("2 API keys are revoked")
      expect(await holdings(person)).toMatchObject({ sessions: 2 })
    })
  })

  test("activating brings nothing back but the sign-in, and asks nobody", async () => {
    const person = await equipped()
    const deck = await operations.deck()
    await deck.change(updateUser, { id: person.id, status: "suspended" })
    const before = await row(person.id)
    expect(await deck.preview(updateUser, { id: person.id, status: "active" })).toMatchObject({
      title: `Activate ${person.login}`,
      effects: [
        "signing in is allowed again; the sessions that were ended stay ended",
        "invite codes that were switched off and API keys that were revoked stay so",
      ],
      asks: false,
    })
    const { steps } = await deck.change(updateUser, { id: person.id, status: "active" })
    expect(steps).toEqual([{ what: "status" }, SHORT_TRACE])
    expect(await row(person.id)).toEqual({ ...before, status: "active" })
    expect(await holdings(person)).toMatchObject({ sessions: 0, codes: 0 })
    expect((await audit(database.postgres, person.id)).at(-1)).toMatchObject({
      action: "users.status_changed",
      metadata_json: { old_status: "suspended", new_status: "active" },
    })
  })

  describe("deleting", () => {
    test("frees the login and ends what suspending ends", async () => {
      const person = await equipped()
      const deck = await operations.deck()
      const preview = await deck.preview(deleteUser, { id: person.id })
      expect(preview).toMatchObject({ title: `Delete ${person.login}`, asks: true, typed: person.login })
      expect(preview.effects).toContain(`the login ${person.login} becomes free for somebody else`)
      const { answer, steps } = await deck.change(deleteUser, {
        id: person.id,
        revoke_keys: true,
        reason: "asked for it",
      })
      expect(answer).toBeNull()
      expect(steps.map(({ what }) => what)).toEqual([
        "status",
        `login ${person.login} free`,
        "sessions (PostgreSQL)",
        "sessions (Redis)",
        "2 codes off",
        "2 keys revoked",
        expect.stringMatching(/^audit/),
      ])
      expect(await row(person.id)).toMatchObject({ status: "deleted", deleted_at: expect.any(String) })
      expect(await holdings(person)).toEqual({ sessions: 0, codes: 0, keys: 0, credentials: 0 })
      expect(await operations.api.get(tokenMarkKey(person.id))).toBe(await microseconds(person.id))
      expect(await audit(database.postgres, person.id)).toMatchObject([
        {
          action: "users.status_changed",
          metadata_json: {
            old_status: "active",
            new_status: "deleted",
            sessions: 2,
            api_keys: 2,
            reason: "asked for it",
          },
          before_state_json: { status: "active", login: person.login },
          after_state_json: { status: "deleted", login: null },
        },
      ])
    })

    test("leaves the API keys where nobody asks for more, and says so before", async () => {
      const person = await equipped()
      const deck = await operations.deck()
      const { effects } = await deck.preview(deleteUser, { id: person.id })
      expect(effects).toContain("2 API keys keep working: the platform does not stop them")
      await deck.change(deleteUser, { id: person.id })
      expect(await holdings(person)).toMatchObject({ keys: 2 })
    })

    test("ends the sessions of an id in capitals as well: in Redis a key minds the case", async () => {
      const person = await addPerson(database.postgres)
      const deck = await operations.deck()
      await deck.change(deleteUser, { id: person.id.toUpperCase() })
      expect(await operations.api.get(tokenMarkKey(person.id))).toBe(await microseconds(person.id))
      expect((await deck.change(repair, {})).steps).toEqual([])
    })

    test("is for good: a deleted user is changed no more", async () => {
      const person = await addPerson(database.postgres)
      const deck = await operations.deck()
      await deck.change(deleteUser, { id: person.id })
      const refused = { code: "conflict", exitStatus: 5, message: /changed no more/ }
      await expect(deck.change(deleteUser, { id: person.id })).rejects.toMatchObject(refused)
      await expect(deck.change(updateUser, { id: person.id, username: "x" })).rejects.toMatchObject(refused)
      await expect(deck.preview(updateUser, { id: person.id, status: "active" })).rejects.toMatchObject(refused)
      expect(await audit(database.postgres, person.id)).toHaveLength(1)
    })
  })

  describe("API keys revoked by themselves", () => {
    test("are counted in users.update, and asked about", async () => {
      const person = await equipped()
      const deck = await operations.deck()
      expect(await deck.preview(updateUser, { id: person.id, revoke_keys: true })).toMatchObject({
        title: `Revoke the API keys of ${person.login}`,
        effects: ["2 API keys are revoked"],
        asks: true,
      })
      const { steps } = await deck.change(updateUser, { id: person.id, revoke_keys: true })
      expect(steps).toEqual([{ what: "2 keys revoked" }, SHORT_TRACE])
      expect(await holdings(person)).toEqual({ sessions: 2, codes: 2, keys: 0, credentials: 1 })
      expect(await audit(database.postgres, person.id)).toMatchObject([
        { action: "users.update", metadata_json: { api_keys: 2 } },
      ])
    })

    test("that are revoked already are nothing to change", async () => {
      const person = await addPerson(database.postgres)
      const deck = await operations.deck()
      const { effects, asks } = await deck.preview(updateUser, { id: person.id, revoke_keys: true })
      expect({ effects, asks }).toEqual({ effects: ["nothing changes: all of it is so already"], asks: false })
      expect((await deck.change(updateUser, { id: person.id, revoke_keys: true })).steps).toEqual([])
      expect(await audit(database.postgres, person.id)).toEqual([])
    })
  })

  test("an update of status and profile writes both audit rows, of one trace", async () => {
    const person = await addPerson(database.postgres)
    const deck = await operations.deck()
    await deck.change(updateUser, { id: person.id, status: "suspended", timezone: "UTC", reason: "both" })
    const rows = await audit(database.postgres, person.id)
    expect(rows.map(({ action }) => action)).toEqual(["users.status_changed", "users.update"])
    expect(new Set(rows.map(({ trace_id }) => trace_id)).size).toBe(1)
    expect(rows.every(({ metadata_json }) => metadata_json.reason === "both")).toBe(true)
  })
})
