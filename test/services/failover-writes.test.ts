import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { Deck } from "../../src/services/deck.ts"
import { setGateway } from "../../src/services/gateway/gateway.ts"
import { openPlatform } from "../../src/services/platform.ts"
import { repair } from "../../src/services/repair.ts"
import { signIn } from "../../src/services/sign-in.ts"
import { platformGranted } from "../support/grants.ts"
import { operationsOn } from "../support/operators.ts"
import { addAdministrator } from "../support/people.ts"
import { replicatedDatabase } from "../support/replicated-postgres.ts"
import { settingsOn } from "../support/settings.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"

const database = replicatedDatabase()
const operations = operationsOn(database)
const granted = platformGranted("everything", database, operations)
const settings = settingsOn(database, operations)
beforeAll(() => void vi.spyOn(console, "info").mockReturnValue())
afterAll(() => {
  vi.restoreAllMocks()
})

test("what a standby still has is not written to Redis: neither by the change that its primary took with it, nor by repair", async () => {
  await operations.gateway.xadd(ACCESS_LOG, "MAXLEN", 1, "*", "path", "/")
  await settings.setRows("gateway.", { risk_reject_threshold: "50" })
  await settings.setCopy("{}")
  const admin = await addAdministrator(database.postgres)
  const toPrimary = await startTcpProxy(database.pair.primary.port)
  const { username, password } = new URL(granted.config.postgres.url)
  const hosts = `127.0.0.1:${toPrimary.port},127.0.0.1:${database.pair.standby.port}`
  const url = `postgres://${username}:${password}@${hosts}/platform`
  const platform = openPlatform({ redis: granted.config.redis, postgres: { url } })
  onTestFinished(() => platform.close())
  const deck = new Deck(platform, await signIn(platform, admin, { console: true }))
  await deck.change(setGateway, { risk_reject_threshold: 0.6 })
  await database.pair.caughtUp()
  await database.pair.standby.pauseReplay()
  onTestFinished(() => database.pair.standby.resumeReplay())

  // The primary is out of reach from the moment on in which it has committed.
  const { transaction } = platform.postgres
  vi.spyOn(platform.postgres, "transaction").mockImplementationOnce(async (...asked) => {
    const answer = await transaction.apply(platform.postgres, asked)
    await toPrimary.close()
    return answer as never
  })
  const { steps } = await deck.change(setGateway, { risk_reject_threshold: 0.9 })
  expect(steps).toContainEqual({
    what: expect.stringContaining("copy"),
    owed: expect.stringMatching(/read-only|cannot be reached/),
  })
  expect(await settings.copy()).toMatchObject({ risk_reject_threshold: 60 })

  await settings.setCopy(JSON.stringify({ risk_reject_threshold: 90 }))
  await expect(deck.change(repair, {})).rejects.toMatchObject({ code: "read_only" })
  expect(await settings.copy()).toEqual({ risk_reject_threshold: 90 })
})
