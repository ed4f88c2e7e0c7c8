import { randomUUID } from "node:crypto"
import { afterEach, expect, test } from "vitest"
import { tokenMarkKey, workerKey } from "../../src/adapters/redis/keys.ts"
import { repair } from "../../src/services/repair.ts"
import { updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  afterEach(() => operations.api.flushall())
  const suspend = async (id: string) => (await operations.deck()).change(updateUser, { id, status: "suspended" })
  const refusal = {
    code: "conflict",
    message:
      /names 1 user, 1 worker, none of which this PostgreSQL knows: it is another platform's, and nothing was changed/,
  }
  const strangers = () => operations.api.mset({ [tokenMarkKey(randomUUID())]: "1", [workerKey(randomUUID())]: "1" })

  test("what owes the API's Redis something is refused where that is another platform's", async () => {
    const { id } = await addPerson(database.postgres)
    await strangers()
    await expect((await operations.deck()).preview(updateUser, { id, status: "suspended" })).rejects.toMatchObject(
      refusal,
    )
    await expect(suspend(id)).rejects.toMatchObject(refusal)
    await expect((await operations.deck()).change(repair, {})).rejects.toMatchObject(refusal)
    expect(await operations.api.exists(tokenMarkKey(id))).toBe(0)
  })

  test("strangers beside somebody known are no reason, nor is one alone", async () => {
    const [alice, bob] = [await addPerson(database.postgres), await addPerson(database.postgres)]
    await operations.api.set(tokenMarkKey(randomUUID()), "1")
    await suspend(alice.id)
    expect(await operations.api.exists(tokenMarkKey(alice.id))).toBe(1)
    await strangers()
    await suspend(bob.id)
    expect(await operations.api.exists(tokenMarkKey(bob.id))).toBe(1)
  })
})
