import { join } from "node:path"
import { beforeEach, describe, expect, test } from "vitest"
import { openIncidents } from "../../src/adapters/incidents/store.ts"
import type { Config } from "../../src/config.ts"
import type { Check } from "../../src/domain/check.ts"
import { asDeckError } from "../../src/domain/errors.ts"
import { Deck } from "../../src/services/deck.ts"
import { doctor } from "../../src/services/doctor/doctor.ts"
import type { AnyOperation, Change, Feed, Operation } from "../../src/services/operation.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { allOperations, createWorld, inputsFor, type World } from "../support/all-operations.ts"
import { platformGranted } from "../support/grants.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey, type Person } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { startMailServer } from "../support/smtp.ts"

const all = await allOperations()
const ofKind = (kind: AnyOperation["kind"]) => [...all].filter(([, operation]) => operation.kind === kind)
const CHANGES = ofKind("change") as [string, Change][]

/** They write nothing but that somebody tried, which whoever reads may write, too: signing in does. */
const AUDITED_ONLY = ["change email test"]

test("every operation there is, is tried", () => {
  const tried = Object.keys(inputsFor({ alice: {}, bob: {}, carol: {}, other: {} } as World))
  expect([...tried, "examination doctor"].sort()).toEqual([...all.keys()].sort())
})

eachGeneration(database => {
  describe.each(["reading", "everything"] as const)("with no rights but those for %s", purpose => {
    const operations = operationsOn(database)
    const granted = platformGranted(purpose, database, operations)
    let world: World
    let deck: Deck

    beforeEach(async () => {
      world = await createWorld(database, operations, (await startMailServer()).port)
      const incidents = openIncidents({ incidents: join(temporaryDirectory(), "incidents") })
      deck = new Deck(
        { ...granted.platform, incidents },
        await signIn(granted.platform, world.admin, { console: true }),
      )
    })

    const inputsOf = async (name: string) => {
      const inputs = inputsFor(world)[name] ?? []
      return typeof inputs === "function" ? inputs(deck) : inputs
    }

    test("operators sign in, and are refused, by key and by password", async () => {
      const apiKey = await addApiKey(database.postgres, world.admin)
      const enter = (credentials: Parameters<typeof signIn>[1]) =>
        signIn(granted.platform, credentials, { console: true })
      expect(await enter({ apiKey })).toMatchObject({ userId: world.admin.id })
      await expect(enter({ apiKey: `${apiKey}0` })).rejects.toMatchObject({ code: "forbidden" })
      await expect(enter({ ...world.admin, password: "" })).rejects.toMatchObject({ code: "forbidden" })
    })

    test("every read works", async () => {
      const failures: Record<string, string> = {}
      for (const [name, operation] of ofKind("read") as [string, Operation][]) {
        for (const input of await inputsOf(name)) {
          for (const asked of [operation, { ...operation, ...operation.forPeople }]) {
            await deck.run(asked, input).catch(error => {
              failures[name] = error.message
            })
          }
        }
      }
      expect(failures).toEqual({})
      expect(await granted.refusals()).toEqual([])
    })

    test.each(ofKind("feed") as [string, Feed][])("%s works", async (name, feed) => {
      for (const input of await inputsOf(name)) for await (const _ of deck.follow(feed, input)) break
      expect(await granted.refusals()).toEqual([])
    })

    test("doctor works, and finds nothing wrong with the rights", async () => {
      const context = { ...granted.platform, config: { ...granted.config, logFile: "/nowhere" } as Config }
      const host = { env: {}, terminal: undefined }
      const credentials = async (): Promise<Person> => world.admin
      const signal = new AbortController().signal
      const { answer } = await doctor.run({ ...context, host, credentials, signal }, {})
      const checks = answer.data as Check[]
      expect(checks.filter(({ state }) => state === "failure")).toEqual([])
      expect(checks.find(({ name }) => name === "rights")?.says).toMatch(
        purpose === "reading" ? /^for reading; changes also need DELETE on / : /^all/,
      )
      // It tries what changes need.
      const refused = new Set(await granted.refusals())
      expect([...refused].sort()).toEqual(purpose === "reading" ? ["del", "eval", "expire", "hset", "set"] : [])
    })

    const works = async (name: string, change: Change) => {
      for (const input of await inputsOf(name)) {
        await deck.preview(change, input)
        const { steps, failure } = await deck.change(change, input)
        expect(steps.length).toBeGreaterThan(0)
        expect({ failure, owed: steps.filter(({ owed }) => owed !== undefined) }).toEqual({ owed: [] })
      }
      expect(await granted.refusals()).toEqual([])
    }

    /** By PostgreSQL, or, where Redis alone is written, by Redis. */
    const isRefused = async (name: string, change: Change) => {
      for (const input of await inputsOf(name)) {
        await deck.preview(change, input)
        const refusals = await deck.change(change, input).then(
          ({ steps }) => steps.flatMap(({ owed }) => owed ?? []),
          error => [asDeckError(error).message],
        )
        expect(refusals).not.toEqual([])
        for (const refusal of refusals) expect(refusal).toMatch(/denied permission/)
      }
    }

    test.each(CHANGES.filter(([name]) => AUDITED_ONLY.includes(name)))("%s works", works)
    test.each(CHANGES.filter(([name]) => !AUDITED_ONLY.includes(name)))(
      purpose === "reading" ? "%s is refused" : "%s works",
      purpose === "reading" ? isRefused : works,
    )
  })
})
