import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { Deck } from "../../src/services/deck.ts"
import { nameOfOrg } from "../../src/services/org-name.ts"
import { lookUpNames } from "../../src/services/users/user-names.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  test("users and organizations have names, also deleted ones; other ids, and what is no id, are left out", async () => {
    const { postgres } = database
    const { id, orgId, login } = await addPerson(postgres, { username: "Ålice", deleted_at: "2026-01-01T00:00:00Z" })
    const deck = new Deck({ postgres, redis: {} as never }, {} as never)
    const ids = [id, orgId.toUpperCase(), randomUUID(), "' or 1 = 1", ""]
    expect(await deck.run(lookUpNames, { ids })).toEqual(
      new Map([
        [id, "Ålice"],
        [orgId.toUpperCase(), login],
      ]),
    )
  })

  test("a blank name is none, whose id is shown instead", async () => {
    const { postgres } = database
    const { orgId } = await addPerson(postgres)
    const deck = new Deck({ postgres, redis: {} as never }, {} as never)
    for (const name of ["", " \t "]) {
      await postgres.transaction(db => db.updateTable("orgs").set({ name }).where("id", "=", orgId).execute())
      expect(await deck.run(lookUpNames, { ids: [orgId] })).toEqual(new Map())
      expect(await postgres.run(db => nameOfOrg(db, orgId))).toBe(orgId)
    }
  })
})
