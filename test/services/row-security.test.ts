import { randomUUID } from "node:crypto"
import { expect, onTestFinished, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { Deck } from "../../src/services/deck.ts"
import { explainHiddenRows } from "../../src/services/row-security.ts"
import { listUsers, showUser } from "../../src/services/users/users.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const visit = doctorOn(database, operations)
  const sql = (query: string) => asSuperuser(query, database.url)

  /** The URL of a role that reads everything, as far as `policy` lets it. */
  async function restricted(policy: string) {
    const role = `reader_${randomUUID().replaceAll("-", "")}`
    await sql(`create role ${role} login password 'x'; grant usage on schema public to ${role};
      grant select on all tables in schema public to ${role}; alter table users enable row level security; ${policy}`)
    onTestFinished(async () => {
      await sql(`alter table users disable row level security; drop policy if exists own on users;
        drop owned by ${role}; drop role ${role}`)
    })
    const url = new URL(database.url)
    url.username = role
    url.password = "x"
    const postgres = openPostgres({ url: url.href })
    onTestFinished(() => postgres.close())
    const operator = { userId: randomUUID(), login: null, username: "op", method: "api_key", apiKeyId: null } as const
    return { url: url.href, deck: new Deck({ postgres, redis: null as never }, operator) }
  }

  test.each(["", "create policy own on users using (username = 'nobody')"])(
    "a list says that rows may be hidden (%s), and the doctor does",
    async policy => {
      await addPerson(database.postgres)
      const { url, deck } = await restricted(policy)
      await expect(deck.run(showUser, { id: randomUUID() })).rejects.toMatchObject({
        code: "not_found",
        message: expect.stringMatching(/^there is no user with .*; rows may be hidden by row-level security of users$/),
      })
      const page = await deck.run(listUsers, {})
      expect(page.data).toEqual([])
      expect(await deck.caveat(listUsers, page)).toBe("rows may be hidden by row-level security of users")
      const { found } = await visit({ databaseUrl: url })
      expect(found.get("postgres row security")).toMatchObject({
        state: "warning",
        says: "may hide rows of users from this role: lists and counts leave them out",
        remedy: [expect.stringContaining("CREATE POLICY"), expect.stringContaining("BYPASSRLS")],
      })
    },
  )

  test("nothing is said to a role that the policies do not apply to, or where there are none", async () => {
    const deck = await operations.deck()
    expect(await deck.run(explainHiddenRows, {})).toEqual({ says: null })
    await restricted("")
    expect(await deck.caveat(listUsers, await deck.run(listUsers, {}))).toBe(undefined)
    expect((await visit()).found.get("postgres row security")?.says).toBe("hides no rows from this role")
  })
})
