import { expect, test } from "vitest"
import { tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { repair } from "../../src/services/repair.ts"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { subjectsIn } from "../support/subjects.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const { equipped, row, holdings, audit, microseconds } = subjectsIn(database)

  test("frees the login and ends what suspending ends", async () => {
    const person = await equipped()
    const deck = await operations.deck()
    const preview = await deck.preview(deleteUser, { id: person.id })
    expect(preview).toMatchObject({ title: `Delete ${person.login}`, needsConfirmation: true, typed: person.login })
    expect(preview.effects[0]).toBe("this cannot be undone")
    expect(preview.effects).toEqual(
      expect.arrayContaining([
        `the login ${person.login} and the address ${person.login}@example.com become available to others`,
        "name, e-mail address, memberships and runs stay in the database",
      ]),
    )
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
      "cached keys (Redis)",
      expect.stringMatching(/^audit/),
    ])
    expect(await row(person.id)).toMatchObject({ status: "deleted", deleted_at: expect.any(String) })
    expect(await holdings(person)).toEqual({ sessions: 0, codes: 0, keys: 0, credentials: 0 })
    expect(await operations.api.get(tokenMarkKey(person.id))).toBe(await microseconds(person.id))
    expect(await audit(person.id)).toMatchObject([
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

  test("is confirmed by the id where nobody could type the name", async () => {
    const deck = await operations.deck()
    for (const username of ["漢".repeat(5000), "bob\u200b", " bob", "\x1b[2J", ""]) {
      const { id } = await addPerson(database.postgres, { username })
      await asSuperuser(`delete from user_credentials where user_id = '${id}'`, database.url)
      expect(await deck.preview(deleteUser, { id })).toMatchObject({ typed: id })
    }
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
    const refused = { code: "conflict", exitStatus: 5, message: /cannot be changed/ }
    await expect(deck.change(deleteUser, { id: person.id })).rejects.toMatchObject(refused)
    await expect(deck.change(updateUser, { id: person.id, username: "x" })).rejects.toMatchObject(refused)
    await expect(deck.change(updateUser, { id: person.id, revoke_keys: true })).rejects.toMatchObject({
      ...refused,
      message: new RegExp(`opsdeck users end-access ${person.id}$`),
    })
    await expect(deck.preview(updateUser, { id: person.id, status: "active" })).rejects.toMatchObject(refused)
    expect(await audit(person.id)).toHaveLength(1)
  })
})
