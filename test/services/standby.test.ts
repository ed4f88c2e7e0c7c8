import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { openIncidents } from "../../src/adapters/incidents/store.ts"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { commandEnvironment } from "../../src/cli/environment.ts"
import type { Config } from "../../src/config.ts"
import { asDeckError } from "../../src/domain/errors.ts"
import type { Replica } from "../../src/domain/replica.ts"
import { Deck } from "../../src/services/deck.ts"
import { renewHolds } from "../../src/services/gateway/hold-networks.ts"
import type { AnyOperation, Change, Feed, Operation } from "../../src/services/operation.ts"
import { openPlatform } from "../../src/services/platform.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { allOperations, createWorld, inputsFor, type World } from "../support/all-operations.ts"
import { doctorOn } from "../support/doctor.ts"
import { platformGranted } from "../support/grants.ts"
import { operationsOn } from "../support/operators.ts"
import { addApiKey } from "../support/people.ts"
import { temporaryDirectory } from "../support/program.ts"
import { replicatedDatabase } from "../support/replicated-postgres.ts"
import { eventually } from "../support/waiting.ts"

const database = replicatedDatabase()

const all = [...(await allOperations())]
const ofKind = (kind: AnyOperation["kind"]) => all.filter(([, operation]) => operation.kind === kind)

/** What users wrote is shown only where that is recorded. */
const NEEDS_RECORD = ["read runs messages", "read runs unlock", "read runs events", "feed runs events"]
const UNRECORDED =
  "what users wrote is shown only where that is recorded in the audit log, and it could not be: PostgreSQL here is a replica: changes are made on its primary"

describe("a role that may read, on a standby,", () => {
  const operations = operationsOn(database)
  const granted = platformGranted("reading", database, operations)
  let platform: ReturnType<typeof openPlatform>
  let world: World
  let deck: Deck

  beforeAll(async () => {
    world = await createWorld(database, operations, 1)
    await database.pair.caughtUp()
    const config = { ...granted.config, postgres: { url: database.onStandby(granted.config.postgres.url) } }
    platform = openPlatform(config, commandEnvironment(config as Config))
    deck = new Deck(platform, await signIn(platform, world.admin, { console: true }))
  })
  afterAll(() => platform.close())

  const inputsOf = async (name: string) => {
    const inputs = inputsFor(world)[name] ?? []
    return typeof inputs === "function" ? inputs(deck) : inputs
  }

  test("signs in by key and by password, and leaves it in the log file instead of the audit log", async () => {
    const logged = vi.spyOn(console, "info").mockReturnValue()
    const apiKey = await addApiKey(database.postgres, world.admin)
    await database.pair.caughtUp()
    await expect(signIn(platform, { apiKey }, { console: true })).resolves.toMatchObject({ method: "api_key" })
    await expect(signIn(platform, world.admin, { console: true })).resolves.toMatchObject({ method: "password" })
    const refused = signIn(platform, { ...world.admin, password: "" }, { console: true })
    await expect(refused).rejects.toMatchObject({ code: "forbidden" })
    expect(logged.mock.calls.flat()).toEqual([
      `not in the audit log, since PostgreSQL is a replica: the sign-in of user ${world.admin.id} (api_key)`,
      `not in the audit log, since PostgreSQL is a replica: the sign-in of user ${world.admin.id} (password)`,
      expect.stringMatching(/: a refused sign-in \(password, SHA-256 [0-9a-f]{64}\)$/),
    ])
    logged.mockRestore()
  })

  test("reads everything, what has to be recorded apart", async () => {
    const incidents = openIncidents({ incidents: join(temporaryDirectory(), "incidents") })
    deck = new Deck({ ...platform, incidents }, deck.operator)
    const failures: Record<string, string> = {}
    const tell = (name: string) => (error: unknown) => {
      failures[name] = asDeckError(error).message
    }
    for (const [name, operation] of ofKind("read") as [string, Operation][]) {
      for (const input of await inputsOf(name)) {
        for (const asked of [operation, { ...operation, ...operation.forPeople }]) {
          await deck.run(asked, input).catch(tell(name))
        }
      }
    }
    for (const [name, feed] of ofKind("feed") as [string, Feed][]) {
      if (feed.changes) continue
      const read = async (input: object) => {
        for await (const _ of deck.follow(feed, input)) break
      }
      for (const input of await inputsOf(name)) await read(input).catch(tell(name))
    }
    expect(failures).toEqual(Object.fromEntries(NEEDS_RECORD.map(name => [name, UNRECORDED])))
  })

  test("is told by doctor which server it is on, and whom that follows where it may be told", async () => {
    const visit = doctorOn(database, operations)
    const roleAt = async (databaseUrl: string) => {
      const { found, of } = await visit({ databaseUrl, credentials: world.admin })
      expect(of("failure")).toEqual([])
      return found.get("postgres role")
    }
    const { port } = database.pair.primary
    const remedy = ["set DATABASE_URL to the primary server, to make changes and to have sign-ins recorded"]
    const says = "nothing can be changed there"
    await database.pair.caughtUp()
    await eventually(async () =>
      expect(await roleAt(database.url)).toEqual({
        ...{ state: "ok", remedy: [] },
        says: 'primary: takes reads and changes; "standby" at 127.0.0.1 follows, up to date',
      }),
    )
    expect(await roleAt(database.onStandby())).toEqual({
      ...{ state: "warning", remedy },
      says: `a replica, up to date, which follows 127.0.0.1:${port}: ${says}`,
    })
    const { url } = granted.config.postgres
    expect((await roleAt(url))?.says).toBe('primary: takes reads and changes; "standby" follows')
    expect((await roleAt(database.onStandby(url)))?.says).toBe(`a replica, up to date: ${says}`)
  })

  test("reads where the server does not say how far behind it is", async () => {
    await database.pair.primary.query("revoke execute on function pg_control_system() from public", "platform")
    await database.pair.caughtUp()
    const postgres = openPostgres({ url: database.onStandby(granted.config.postgres.url) })
    const flags = () => postgres.run(db => db.selectFrom("feature_flags").selectAll().execute())
    await expect(flags()).resolves.toEqual(expect.any(Array))
    await expect(flags()).resolves.toEqual(expect.any(Array))
    expect(postgres.replica).toMatchObject({ lagS: null, follows: null })
    await postgres.close()
    await database.pair.primary.query("grant execute on function pg_control_system() to public", "platform")
  })

  test("is shown what every change would do, and refused it", async () => {
    for (const [name, change] of ofKind("change") as [string, Change][]) {
      for (const input of await inputsOf(name)) {
        await deck.preview(change, input)
        await expect(deck.change(change, input)).rejects.toMatchObject({
          code: "read_only",
          message: "nothing was changed: PostgreSQL here is a replica: changes are made on its primary",
          exitStatus: 5,
        })
      }
    }
    expect(await deck.run(renewHolds, {})).toEqual({ renewed: 0, appeared: 0 })
  })
})

describe("a standby", () => {
  /** What the server says of itself now. */
  const ask = async (postgres: ReturnType<typeof openPostgres>): Promise<Replica | undefined> => {
    await postgres.ping()
    return postgres.replica
  }

  test("says how far behind it is, and whom it follows to a role that may know", async () => {
    const postgres = openPostgres({ url: database.onStandby() })
    const follows = `127.0.0.1:${database.pair.primary.port}`
    await database.pair.caughtUp()
    expect(await ask(postgres)).toMatchObject({ lagS: 0, follows })
    await database.pair.standby.pauseReplay()
    await database.pair.primary.query("insert into feature_flags (key) values ('paused')", "platform")
    await eventually(async () => expect((await ask(postgres))?.lagS).toBeGreaterThan(0))
    await database.pair.standby.resumeReplay()
    await eventually(async () => expect((await ask(postgres))?.lagS).toBe(0))
    await postgres.close()
  })

  test("does not call itself up to date where it hears nothing from its primary, and takes changes once promoted", async () => {
    const heard: (Replica | undefined)[] = []
    const postgres = openPostgres({ url: database.onStandby(), onReplica: replica => heard.push(replica) })
    const insert = (key: string) => postgres.transaction(db => db.insertInto("feature_flags").values({ key }).execute())
    await database.pair.caughtUp()
    expect(await ask(postgres)).toMatchObject({ lagS: 0 })
    await expect(insert("x")).rejects.toMatchObject({
      code: "read_only",
      message: /^nothing was changed: PostgreSQL at /,
    })
    await database.pair.primary.kill()
    await eventually(async () => expect(await ask(postgres)).toMatchObject({ lagS: expect.any(Number), follows: null }))
    expect(postgres.replica?.lagS).toBeGreaterThan(0)
    await database.pair.standby.promote()
    await eventually(() => insert("x"))
    expect(postgres.replica).toBeUndefined()
    expect(heard.at(-1)).toBeUndefined()
    await postgres.close()
  })
})
