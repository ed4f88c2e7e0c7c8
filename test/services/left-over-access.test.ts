import { expect, test } from "vitest"
import { countLeftOverAccess } from "../../src/services/users/left-over-access.ts"
import { listUsers } from "../../src/services/users/users.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey, addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { subjectsIn } from "../support/subjects.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const { equipped } = subjectsIn(database)
  const sql = (query: string) => asSuperuser(query, database.url)
  const deleted = { deleted_at: "2026-01-01T00:00:00Z" }

  test("is that of deleted users with a session, a key or a code that works, and of nobody else", async () => {
    const deck = await operations.deck()
    const found = async (filter: object = {}) =>
      (await deck.run(listUsers, { status: "left-over", ...filter })).data.map(({ id }) => id).sort()
    expect(await found()).toEqual([])
    const [session, key, code, nothing] = [
      await equipped(deleted),
      await addPerson(database.postgres, { ...deleted, status: "deleted" }),
      await equipped(deleted),
      await equipped(deleted),
    ]
    await equipped()
    await equipped({ status: "suspended" })
    await addApiKey(database.postgres, key)
    await end("api_keys", "revoked_at = now()", session, code, nothing)
    await end("invite_codes", "is_active = false", session, nothing)
    await end("refresh_tokens", "revoked_at = now()", code)
    await end("refresh_tokens", "expires_at = now()", nothing)
    const all = [session, key, code].map(({ id }) => id).sort()
    expect(await found()).toEqual(all)
    expect(await found({ q: key.login })).toEqual([key.id])
    expect(await database.postgres.run(countLeftOverAccess)).toEqual({ users: 3, sessions: 1, keys: 1, codes: 1 })
  })

  const end = (table: string, set: string, ...people: readonly Person[]) =>
    sql(`update ${table} set ${set} where user_id in (${people.map(({ id }) => `'${id}'`).join(", ")})`)
})
