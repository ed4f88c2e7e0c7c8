import { Redis } from "ioredis"
import { afterAll, beforeAll, expect, onTestFinished } from "vitest"
import { GATEWAY_CONFIG, settingCacheKey, tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { Gateway } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { addAdministrator, addApiKey, addPerson } from "../support/people.ts"
import { asSuperuser, freshDatabase } from "../support/postgres.ts"
import { type Environment, opsdeck, startOpsdeck } from "../support/program.ts"
import { startTcpProxy, type TcpProxy, through } from "../support/tcp-proxy.ts"
import { findUser, openConsole, readyToSuspend } from "../support/user-screens.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"

const ROUNDS = sized({ short: 1, full: 3 })

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

let api: Redis
beforeAll(() => {
  api = new Redis(`${gateway.server.url}/0`)
})
afterAll(() => api.disconnect())

/** A change as somebody makes it, and what becomes of it. */
interface Owing {
  readonly argv: readonly string[]
  /** What is first said to Redis once it is committed. */
  readonly write: string
  /** How often it was saved, by the rows. */
  readonly saved: () => Promise<number>
  readonly isInForce: () => Promise<boolean>
}

const sql = (query: string) => asSuperuser(query, database.url)
/** How many audit rows `target` has, where `holds` says that the rows are as they are to be. */
const audited = async (target: string, holds: string) =>
  (await sql(`select from audit_logs where target_id = '${target}' and action <> 'auth.login' and (${holds})`)).length

/** Nothing was ever set: what is owed is the next change's alone. */
async function forgetAllSettings(): Promise<void> {
  await sql("delete from audit_logs where target_type = 'platform_setting'; delete from platform_settings")
  await gateway.writer.del(GATEWAY_CONFIG)
}

const CHANGES: Readonly<Record<string, () => Promise<Owing>>> = {
  async suspension() {
    const { id } = await addPerson(database.postgres)
    return {
      argv: ["users", "update", id, "--status", "suspended", "--yes"],
      write: tokenMarkKey(id),
      saved: () => audited(id, `exists (select from users where id = '${id}' and status = 'suspended')`),
      isInForce: () => isMarked(id),
    }
  },
  async "gateway setting"() {
    await forgetAllSettings()
    await gateway.writer.set(GATEWAY_CONFIG, JSON.stringify({ ip_mode: "direct", rate_limit_capacity: 600 }))
    return {
      argv: ["gateway", "set", "--ip-mode", "cdn", "--yes"],
      write: "eval",
      saved: () => audited("gateway", "exists (select from platform_settings where value = 'cloudflare')"),
      isInForce: async () => {
        const copy = JSON.parse((await gateway.writer.get(GATEWAY_CONFIG)) as string)
        expect(copy.rate_limit_capacity).toBe(600)
        return copy.ip_mode === "cloudflare"
      },
    }
  },
  async "e-mail setting"() {
    await forgetAllSettings()
    const key = settingCacheKey("email.from")
    await api.set(key, "old@example.com")
    return {
      argv: ["email", "set", "--from", "new@example.com", "--yes"],
      write: key,
      saved: () => audited("email", "exists (select from platform_settings where value = 'new@example.com')"),
      isInForce: async () => (await api.exists(key)) === 0,
    }
  },
}

scenario(
  {
    number: 16,
    title: "Redis down between commit and its writes",
    load: `${Object.keys(CHANGES).join(", ")}: Redis gone, and opsdeck killed with SIGKILL, at the first word to Redis after the commit; ${ROUNDS} times each`,
    passes:
      "it is told as not yet in force, and put right by the retry, by repair, and by another operator's next start",
    inSubset: true,
  },
  async measure => {
    for (let round = 0; round < ROUNDS; round++) await retriedAtConsole()
    measure("suspension at a console: told, and retried", ROUNDS, "times")
    for (const [name, begin] of Object.entries(CHANGES)) {
      const starts: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        await toldAndRepaired(await begin())
        await killedAndRepaired(await begin())
        starts.push(await killedAndStarted(await begin()))
      }
      measure(`${name}: told, and repaired`, ROUNDS, "times")
      measure(`${name}: killed, and repaired`, ROUNDS, "times")
      measure(`${name}: killed, and in force after another's start`, Math.max(...starts), "ms")
    }
  },
)

/** Redis goes where the change has to be in force: the answer says that it is not, and the console's `R` puts it right. */
async function retriedAtConsole(): Promise<void> {
  const { id, login } = await addPerson(database.postgres)
  const { proxy, env } = await badNetwork()
  const terminal = await openConsole(operations, gateway, env)
  await findUser(terminal, login)
  await readyToSuspend(terminal)
  const cut = proxy.cut(tokenMarkKey(id), "swallowed")
  terminal.press("enter")
  await cut
  await proxy.close()
  await terminal.see("saved, not yet in force (R retries)", "sessions (Redis)")
  expect(await isMarked(id)).toBe(false)
  terminal.press("R")
  await terminal.see("cannot be reached")
  const restored = await startTcpProxy(gateway.server.port, proxy.port)
  onTestFinished(() => restored.close())
  terminal.press("R")
  // The first retry may have gone through as well, once Redis was back.
  await terminal.see(/✓ sessions of|no pending writes to Redis/)
  expect(await isMarked(id)).toBe(true)
  terminal.process.kill("SIGTERM")
  await terminal.exited
}

/** A command is told that Redis did not take it, and says so. */
async function toldAndRepaired({ argv, write, saved, isInForce }: Owing): Promise<void> {
  const { proxy, env } = await badNetwork()
  const cut = proxy.cut(write, "swallowed")
  const changing = opsdeck([...argv, "--json"], env)
  await cut
  await proxy.close()
  const { status, stderr } = await changing
  expect({ status, error: JSON.parse(stderr).error }).toMatchObject({ status: 6, error: { code: "not_in_force" } })
  expect([await saved(), await isInForce()]).toEqual([1, false])
  await repaired()
  expect([await saved(), await isInForce()]).toEqual([1, true])
}

async function killedAndRepaired(owing: Owing): Promise<void> {
  await killedWithin(owing)
  await repaired()
  expect([await owing.saved(), await owing.isInForce()]).toEqual([1, true])
}

/** Another operator opens the console, and touches nothing; answers how long it took from then on, in milliseconds. */
async function killedAndStarted(owing: Owing): Promise<number> {
  await killedWithin(owing)
  const other = await addApiKey(database.postgres, await addAdministrator(database.postgres))
  const began = performance.now()
  const terminal = await openConsole(operations, gateway, { OPSDECK_API_KEY: other })
  await terminal.see(/✓ .*\(Redis\)/)
  const took = performance.now() - began
  expect([await owing.saved(), await owing.isInForce()]).toEqual([1, true])
  terminal.process.kill("SIGTERM")
  await terminal.exited
  return took
}

/** opsdeck is killed when the change is committed and Redis has not heard of it. */
async function killedWithin({ argv, write, saved, isInForce }: Owing): Promise<void> {
  const { proxy, env } = await badNetwork()
  const cut = proxy.cut(write, "swallowed")
  const changing = startOpsdeck(argv, env)
  await cut
  changing.process.kill("SIGKILL")
  await changing.status
  await proxy.close()
  expect([await saved(), await isInForce()]).toEqual([1, false])
}

/** `opsdeck repair` by somebody else, which finds what is owed once. */
async function repaired(): Promise<void> {
  const apiKey = await addApiKey(database.postgres, await addAdministrator(database.postgres))
  const env = { ...operations.environment("unread"), OPSDECK_API_KEY: apiKey }
  const repair = async () => {
    const { status, stdout } = await opsdeck(["repair", "--json"], env)
    return { status, data: JSON.parse(stdout).data }
  }
  expect(await repair()).toEqual({ status: 0, data: [{ what: expect.stringMatching(/\(Redis\)$/), owed: null }] })
  expect(await repair()).toEqual({ status: 0, data: [] })
}

/** Redis by way of a proxy, and the environment that leads there. */
async function badNetwork(): Promise<{ proxy: TcpProxy; env: Environment }> {
  const proxy = await startTcpProxy(gateway.server.port)
  const { REDIS_URL, GATEWAY_REDIS_URL, ...env } = operations.environment("unread")
  return {
    proxy,
    env: { ...env, REDIS_URL: through(proxy, REDIS_URL), GATEWAY_REDIS_URL: through(proxy, GATEWAY_REDIS_URL) },
  }
}

/** Whether the tokens of the user are dead for the API, as the row says. */
async function isMarked(id: string): Promise<boolean> {
  const [row] = await sql(
    `select (extract(epoch from tokens_invalid_before) * 1000000)::bigint as before from users where id = '${id}'`,
  )
  return (await api.get(tokenMarkKey(id))) === row?.before
}
