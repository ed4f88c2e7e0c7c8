import { describe, expect, test } from "vitest"
import { tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { subjectsIn } from "../support/subjects.ts"

const SHORT_TRACE = { what: expect.stringMatching(/^audit [0-9a-f]{4}…$/) }

eachGeneration(database => {
  const operations = operationsOn(database)

  const { equipped, row, holdings, audit, microseconds } = subjectsIn(database)

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
      expect(await audit(person.id)).toMatchObject([
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
      const rows = await audit(person.id)
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

    test("a time without end is one far away in Redis", async () => {
      const person = await addPerson(database.postgres, { tokens_invalid_before: "infinity" })
      await (await operations.deck()).change(updateUser, { id: person.id, status: "suspended" })
      expect(Number(await operations.api.get(tokenMarkKey(person.id)))).toBe(Date.parse("9999-01-01T00:00:00Z") * 1000)
    })

    test("somebody suspended already writes nothing", async () => {
      const person = await equipped({ status: "suspended" })
      const deck = await operations.deck()
      const { answer, steps } = await deck.change(updateUser, { id: person.id, status: "suspended" })
      expect(answer).toMatchObject({ status: "suspended" })
      expect(steps).toEqual([])
      expect(await holdings(person)).toMatchObject({ sessions: 2, codes: 2 })
      expect(await audit(person.id)).toEqual([])
      expect(await operations.api.exists(tokenMarkKey(person.id))).toBe(0)
    })

    test("says beforehand what will happen, and what will not", async () => {
      const person = await equipped({ username: "Alice Liddell" })
      const deck = await operations.deck()
      const preview = await deck.preview(updateUser, { id: person.id, status: "suspended" })
      expect(preview).toMatchObject({
        title: `Suspend ${person.login}`,
        subject: [`Alice Liddell · ${person.login}@example.com · ${person.login} (member)`],
        effects: [
          "sign-in blocked; all sessions revoked",
          "2 API keys keep working: the platform does not stop them",
          "2 invite codes are switched off; activating the user again does not restore them",
          "an owner without an active invite code gets a new, active one when they next open their page",
          "1 run in progress is not stopped",
        ],
        needsConfirmation: true,
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
        "sign-in allowed again; revoked sessions stay revoked",
        "switched-off invite codes and revoked API keys stay so",
      ],
      needsConfirmation: false,
    })
    const { steps } = await deck.change(updateUser, { id: person.id, status: "active" })
    expect(steps).toEqual([{ what: "status" }, SHORT_TRACE])
    expect(await row(person.id)).toEqual({ ...before, status: "active" })
    expect(await holdings(person)).toMatchObject({ sessions: 0, codes: 0 })
    expect((await audit(person.id)).at(-1)).toMatchObject({
      action: "users.status_changed",
      metadata_json: { old_status: "suspended", new_status: "active" },
    })
  })

  describe("API keys revoked by themselves", () => {
    test("are counted in users.update, and asked about", async () => {
      const person = await equipped()
      const deck = await operations.deck()
      expect(await deck.preview(updateUser, { id: person.id, revoke_keys: true })).toMatchObject({
        title: `Revoke the API keys of ${person.login}`,
        effects: ["2 API keys are revoked"],
        needsConfirmation: true,
      })
      const { steps } = await deck.change(updateUser, { id: person.id, revoke_keys: true })
      expect(steps).toEqual([{ what: "2 keys revoked" }, { what: "cached keys (Redis)" }, SHORT_TRACE])
      expect(await holdings(person)).toEqual({ sessions: 2, codes: 2, keys: 0, credentials: 1 })
      expect(await audit(person.id)).toMatchObject([{ action: "users.update", metadata_json: { api_keys: 2 } }])
    })

    test("that are revoked already are nothing to change", async () => {
      const person = await addPerson(database.postgres)
      const deck = await operations.deck()
      const { effects, needsConfirmation } = await deck.preview(updateUser, { id: person.id, revoke_keys: true })
      expect({ effects, needsConfirmation }).toEqual({
        effects: ["nothing changes: everything already has these values"],
        needsConfirmation: false,
      })
      expect((await deck.change(updateUser, { id: person.id, revoke_keys: true })).steps).toEqual([])
      expect(await audit(person.id)).toEqual([])
    })

    test("may be the one that the operator is signed in with", async () => {
      const admin = await addAdministrator(database.postgres)
      const deck = await operations.deck({ apiKey: await addApiKey(database.postgres, admin) })
      const { steps } = await deck.change(updateUser, { id: admin.id, revoke_keys: true })
      expect(steps).toEqual([{ what: "1 key revoked" }, { what: "cached keys (Redis)" }, SHORT_TRACE])
      const again = deck.change(updateUser, { id: admin.id, locale: "de" })
      await expect(again).rejects.toMatchObject({ code: "forbidden" })
    })
  })

  test("an update of status and profile writes both audit rows, of one trace", async () => {
    const person = await addPerson(database.postgres)
    const deck = await operations.deck()
    await deck.change(updateUser, { id: person.id, status: "suspended", timezone: "UTC", reason: "both" })
    const rows = await audit(person.id)
    expect(rows.map(({ action }) => action)).toEqual(["users.status_changed", "users.update"])
    expect(new Set(rows.map(({ trace_id }) => trace_id)).size).toBe(1)
    expect(rows.every(({ metadata_json }) => metadata_json.reason === "both")).toBe(true)
  })
})
