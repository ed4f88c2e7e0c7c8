import pg from "pg"
import { describe, expect, onTestFinished, test } from "vitest"
import { endUserAccess } from "../../src/services/users/end-access.ts"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { until } from "../support/waiting.ts"

const WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"

eachGeneration(database => {
  const operations = operationsOn(database)

  const row = (id: string) =>
    database.postgres.run(db => db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow())

  describe("nobody can suspend, delete or end the access of", () => {
    const all = [
      ["suspending", (id: string) => [updateUser, { id, status: "suspended" }] as const],
      ["deleting", (id: string) => [deleteUser, { id }] as const],
      ["ending access", (id: string) => [endUserAccess, { id }] as const],
    ] as const

    test.each(all)("themselves (%s)", async (_, ask) => {
      await addAdministrator(database.postgres)
      const admin = await addAdministrator(database.postgres)
      const deck = await operations.deck(admin)
      const [change, input] = ask(admin.id)
      const refused = { code: "conflict", exitStatus: 5, message: /yourself/ }
      await expect(deck.change(change as never, input)).rejects.toMatchObject(refused)
      await expect(deck.preview(change as never, input)).rejects.toMatchObject(refused)
      expect(await row(admin.id)).toMatchObject({ status: "active", deleted_at: null })
    })

    test.each(all)("system_agent (%s)", async (_, ask) => {
      const agent = await addAdministrator(database.postgres, { username: "system_agent" })
      const deck = await operations.deck()
      const [change, input] = ask(agent.id)
      const refused = { code: "conflict", message: /system_agent/ }
      await expect(deck.change(change as never, input)).rejects.toMatchObject(refused)
      await expect(deck.preview(change as never, input)).rejects.toMatchObject(refused)
      expect(await row(agent.id)).toMatchObject({ status: "active", deleted_at: null })
    })

    test("system_agent by giving it, or oneself, another name first", async () => {
      const agent = await addAdministrator(database.postgres, { username: "system_agent" })
      const person = await addPerson(database.postgres)
      const deck = await operations.deck()
      const refused = { code: "conflict", field: "username" }
      await expect(deck.change(updateUser, { id: agent.id, username: "x" })).rejects.toMatchObject(refused)
      const taking = deck.change(updateUser, { id: person.id, username: "system_agent" })
      await expect(taking).rejects.toMatchObject(refused)
    })
  })

  test("of two administrators who stop each other at the same moment the second is one no more, however many are left", async () => {
    await addAdministrator(database.postgres)
    for (let round = 0; round < 10; round++) {
      const [one, other] = [await addAdministrator(database.postgres), await addAdministrator(database.postgres)]
      const [first, second] = [await operations.deck(one), await operations.deck(other)]
      const outcomes = await Promise.allSettled([
        first.change(updateUser, { id: other.id, status: "suspended" }),
        second.change(deleteUser, { id: one.id }),
      ])
      const refused = outcomes.filter(outcome => outcome.status === "rejected")
      expect(refused.map(({ reason }) => reason.code)).toEqual(["forbidden"])
    }
  })

  test("whoever is stopped while they wait for a row changes it no more", async () => {
    const [admin, person] = [await addAdministrator(database.postgres), await addPerson(database.postgres)]
    const deck = await operations.deck(admin)
    const holder = new pg.Client(database.url)
    await holder.connect()
    onTestFinished(() => holder.end())
    await holder.query(`begin; update users set avatar_url = 'x' where id = '${person.id}'`)
    const change = deck.change(updateUser, { id: person.id, locale: "de" })
    await Promise.all([
      expect(change).rejects.toMatchObject({ code: "forbidden" }),
      (async () => {
        await until(async () => (await asSuperuser(WAITING, database.url)).length > 0)
        await asSuperuser(`update users set status = 'suspended' where id = '${admin.id}'`, database.url)
        await holder.query("commit")
      })(),
    ])
    expect(await row(person.id)).toMatchObject({ locale: null })
  })

  describe("the last active platform administrator", () => {
    const alone = () => asSuperuser("update users set status = 'suspended'", database.url)
    const active = async () => {
      const [found] = await asSuperuser("select count(*)::int as n from users where status = 'active'", database.url)
      return found?.n
    }

    test("stays when two operators suspend or delete each other at the same moment", async () => {
      for (let round = 0; round < 20; round++) {
        await alone()
        const [one, other] = [await addAdministrator(database.postgres), await addAdministrator(database.postgres)]
        const [first, second] = [await operations.deck(one), await operations.deck(other)]
        const outcomes = await Promise.allSettled([
          first.change(updateUser, { id: other.id, status: "suspended" }),
          round % 2
            ? second.change(deleteUser, { id: one.id })
            : second.change(updateUser, { id: one.id, status: "suspended" }),
        ])
        expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
        expect(await active()).toBe(1)
      }
    })

    test("is told apart from the others, who may be stopped", async () => {
      await alone()
      const agent = await addAdministrator(database.postgres, { username: "system_agent" })
      const [one, other] = [await addAdministrator(database.postgres), await addAdministrator(database.postgres)]
      const deck = await operations.deck(agent)
      await deck.change(updateUser, { id: one.id, status: "suspended" })
      const refused = { code: "conflict", exitStatus: 5, message: /last active platform administrator/ }
      await expect(deck.change(updateUser, { id: other.id, status: "suspended" })).rejects.toMatchObject(refused)
      await expect(deck.preview(deleteUser, { id: other.id })).rejects.toMatchObject(refused)
      await expect(deck.change(deleteUser, { id: other.id })).rejects.toMatchObject(refused)
      expect(await row(other.id)).toMatchObject({ status: "active" })
    })

    test("is somebody else while an API key makes one of its owner", async () => {
      await alone()
      const admin = await addAdministrator(database.postgres)
      const company = await addPerson(database.postgres)
      const owner = await addPerson(database.postgres)
      const membership = { org_id: company.orgId, user_id: owner.id, role: "platform_admin" }
      await database.postgres.transaction(tx => tx.insertInto("org_memberships").values(membership).execute())
      const apiKey = await addApiKey(database.postgres, owner, { org_id: company.orgId })
      const deck = await operations.deck({ apiKey })
      await deck.change(updateUser, { id: admin.id, status: "suspended" })
      expect(await row(admin.id)).toMatchObject({ status: "suspended" })
    })
  })
})
