import { describe, expect, test, vi } from "vitest"
import { z } from "zod"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { DeckError } from "../../src/domain/errors.ts"
import { limit } from "../../src/domain/fields.ts"
import { Deck } from "../../src/services/deck.ts"
import { defineChange, defineFeed, defineOperation } from "../../src/services/operation.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { addAdministrator } from "../support/people.ts"
import { freshDatabase } from "../support/postgres.ts"

const database = freshDatabase()

async function deckOfAdministrator() {
  const admin = await addAdministrator(database.postgres)
  const platform = { postgres: database.postgres, redis: null as never }
  return { admin, deck: new Deck(platform, await signIn(platform, admin, { console: false })) }
}

const declaration = { words: ["test"], summary: "", input: z.object({ limit, name: z.string() }) }

describe("a deck", () => {
  test("hands the operation checked input, the operator and a trace id of its own", async () => {
    const { deck, admin } = await deckOfAdministrator()
    const operation = defineOperation({
      ...declaration,
      answer: z.unknown(),
      run: async ({ operator, traceId }, input) => ({ input, user: operator.userId, traceId }),
    })
    const answer = await deck.run(operation, { name: "x", limit: "12" })
    expect(answer).toEqual({
      input: { name: "x", limit: 12 },
      user: admin.id,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(await deck.run(operation, { name: "x" })).toMatchObject({ input: { limit: 50 } })
  })

  test.each([
    ["limit", { name: "x", limit: "12x" }, "must be a whole number from 1 to 200"],
    ["limit", { name: "x", limit: "" }, "must be 1 to 200"],
    ["limit", { name: "x", limit: 1.5 }, "must be a whole number from 1 to 200"],
    ["limit", { name: "x", limit: 201 }, "must be 1 to 200"],
    ["name", {}, "is missing"],
  ])("refuses a wrong %s by its name, before anything runs (%j)", async (field, input, message) => {
    const { deck } = await deckOfAdministrator()
    const operation = defineOperation({
      ...declaration,
      answer: z.unknown(),
      run: () => expect.fail("must not run"),
    })
    await expect(deck.run(operation, input)).rejects.toMatchObject({
      code: "invalid",
      field,
      message,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  test("stops a change that was waiting to be admitted when all became read-only", async () => {
    const admin = await addAdministrator(database.postgres)
    const { promise: admitted, resolve: admit } = Promise.withResolvers<void>()
    const environment = { name: "", readOnly: undefined as string | undefined, admit: () => admitted }
    const platform = { postgres: database.postgres, redis: null as never, environment }
    const deck = new Deck(platform, await signIn(platform, admin, { console: false }))
    const change = defineChange({
      ...declaration,
      answer: z.unknown(),
      preview: () => expect.fail("must not be asked"),
      run: () => expect.fail("must not run"),
    })
    const asked = deck.change(change, { name: "x" })
    environment.readOnly = "locked"
    admit()
    await expect(asked).rejects.toMatchObject({ code: "read_only", message: "locked" })
  })

  test("stops a change, but no reading, of an operator who is no administrator any more", async () => {
    const { deck, admin } = await deckOfAdministrator()
    const change = defineChange({
      ...declaration,
      answer: z.string(),
      preview: async () => expect.fail("was not asked for"),
      run: async () => ({ answer: "done", steps: [] }),
    })
    const reading = defineOperation({ ...declaration, answer: z.string(), run: async () => "read" })
    expect(await deck.change(change, { name: "x" })).toMatchObject({ answer: "done", steps: [] })
    await database.postgres.transaction(tx =>
      tx.updateTable("users").set({ status: "suspended" }).where("id", "=", admin.id).execute(),
    )
    await expect(deck.change(change, { name: "x" })).rejects.toMatchObject({ code: "forbidden" })
    await expect(deck.run(reading, { name: "x" })).resolves.toBe("read")
  })

  test("says that nothing is saved where it cannot even ask for the permission", async () => {
    const { deck } = await deckOfAdministrator()
    const change = defineChange({
      ...declaration,
      answer: z.string(),
      preview: async () => expect.fail("was not asked for"),
      run: async () => expect.fail("was not allowed"),
    })
    const lost = openPostgres({ url: "postgres://nobody@127.0.0.1:1/platform" })
    const heard = vi.fn()
    const cutOff = new Deck({ postgres: lost, redis: undefined as never }, deck.operator, heard)
    await expect(cutOff.change(change, { name: "x" })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^not saved: PostgreSQL at 127.0.0.1:1 cannot be reached/),
    })
    expect(heard).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "unavailable" }))
    await lost.close()
  })

  test("lets errors out as DeckError with the trace id; anything else is a fault of the program", async () => {
    const { deck } = await deckOfAdministrator()
    let traceId: string | undefined
    const failing = (error: Error) =>
      defineOperation({
        ...declaration,
        answer: z.unknown(),
        run: async context => {
          traceId = context.traceId
          throw error
        },
      })
    const conflict = await deck.run(failing(new DeckError("conflict", "taken")), { name: "x" }).catch(error => error)
    expect(conflict).toMatchObject({ code: "conflict", message: "taken", traceId })
    const fault = await deck.run(failing(new TypeError("oops")), { name: "x" }).catch(error => error)
    expect(fault).toBeInstanceOf(DeckError)
    expect(fault).toMatchObject({ code: "internal", exitStatus: 1, traceId })
  })

  test("hands its caller's signal down to the query", async () => {
    const { deck } = await deckOfAdministrator()
    const { sql } = await import("kysely")
    const operation = defineOperation({
      ...declaration,
      answer: z.unknown(),
      run: ({ postgres, signal }) => postgres.run(db => sql`select pg_sleep(9)`.execute(db), signal),
    })
    const calling = deck.run(operation, { name: "x" }, { signal: AbortSignal.timeout(100) })
    await expect(calling).rejects.toMatchObject({ code: "cancelled", exitStatus: 130 })
  })

  test("follows a feed, with the same checks, until its reader stops", async () => {
    const { deck } = await deckOfAdministrator()
    let closed = false
    const feed = defineFeed({
      ...declaration,
      async *follow(_context, input) {
        try {
          for (let n = 0; ; n++) yield `${input.name}${n}`
        } finally {
          closed = true
        }
      },
    })
    const seen: string[] = []
    for await (const item of deck.follow(feed, { name: "x" })) {
      seen.push(item)
      if (seen.length === 3) break
    }
    expect(seen).toEqual(["x0", "x1", "x2"])
    expect(closed).toBe(true)
    await expect(deck.follow(feed, {}).next()).rejects.toMatchObject({ code: "invalid", field: "name" })
  })
})
