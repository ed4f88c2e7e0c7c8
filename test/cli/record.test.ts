import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { newStream, request } from "../support/access-log.ts"
import { command } from "../support/command.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { eventually } from "../support/waiting.ts"
import { platformOn } from "./platform.ts"

const platform = platformOn(freshDatabase())

/** A profile that lists two gateways, each a stream with a request a second in the last minute, and their history. */
async function twoGateways() {
  const [home, streams] = [temporaryDirectory(), { eu: newStream(), us: newStream() }]
  const history = join(home, "history")
  const gateways = Object.entries(streams).map(([name, stream]) => ({ name, stream }))
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, GATEWAY_REDIS_URL: gatewayRedisUrl } = platform.env
  mkdirSync(join(home, ".config/opsdeck"), { recursive: true })
  const profile = { databaseUrl, redisUrl, gatewayRedisUrl, gateways, history }
  writeFileSync(join(home, ".config/opsdeck/config.json"), JSON.stringify({ profiles: { all: profile } }), {
    mode: 0o600,
  })
  const from = Date.now() - 60_000
  for (const [name, stream] of Object.entries(streams))
    for (let n = 0; n < (name === "eu" ? 60 : 30); n++)
      await platform.gateway.xadd(stream, `${from + n * 1000}-0`, ...Object.entries(request({ path: `/${n}` })).flat())
  const env = { HOME: home, OPSDECK_API_KEY: platform.env.OPSDECK_API_KEY }
  const run = (argv: readonly string[], terminating?: AbortSignal) =>
    command([...argv, "--profile", "all"], env, terminating)
  const status = async (...argv: string[]) => JSON.parse((await run(["record", "status", "--json", ...argv])).stdout)
  /** Starts the recorders; `end` sends them SIGTERM. */
  function record(...argv: string[]) {
    const ending = new AbortController()
    const ended = run(["record", ...argv], ending.signal)
    return {
      end() {
        ending.abort()
        return ended
      },
    }
  }
  return { run, status, record, history, streams }
}

test("the gateways of a profile are recorded by one process, each by itself, and counted together", async () => {
  const { run, status, record, history, streams } = await twoGateways()
  const recorders = record()
  await eventually(async () => expect((await status()).entries).toBe(90))
  expect(await status()).toMatchObject({
    recording: true,
    trouble: null,
    gateways: [
      { gateway: "eu", entries: 60 },
      { gateway: "us", entries: 30 },
    ],
  })
  const people = await run(["record", "status"])
  expect(people).toMatchObject({ status: 0, stderr: "" })
  expect(people.stdout).toMatch(/\nGATEWAYS:\nGATEWAY +RECORDING [^\n]*\neu +yes [^\n]*\nus +yes /)
  const { status: exit, stdout } = await recorders.end()
  expect(exit).toBe(0)
  for (const name of ["eu", "us"]) {
    expect(stdout).toContain(`opsdeck: ${name}: recording ${streams[name as "eu"]} on `)
    expect(stdout).toContain(`opsdeck: ${name}: ended; everything that was read is written\n`)
  }
  for (const stream of Object.values(streams)) await platform.gateway.xtrim(stream, "MAXLEN", "=", 5)
  const top = async (...argv: string[]) => {
    const { stdout, stderr } = await run(["log", "top", "--by", "gateway", "--since", "1h", "--json", ...argv])
    const { data } = JSON.parse(stdout) as { readonly data: readonly { value: string; requests: number }[] }
    return { counts: Object.fromEntries(data.map(({ value, requests }) => [value, requests])), stderr }
  }
  expect((await top()).counts).toEqual({ eu: 60, us: 30 })
  expect((await top("--gateway", "us")).counts).toEqual({ us: 30 })
  expect((await top("gateway:eu")).counts).toEqual({ eu: 60 })
  const alone = await top("--history-only")
  expect(alone.counts).toEqual({ eu: 60, us: 30 })
  expect(alone.stderr).toContain(`opsdeck: from ${history} alone, without names\n`)
  const page = JSON.parse((await run(["log", "--history-only", "--limit", "200", "--json"])).stdout)
  expect(page.data).toHaveLength(90)
  expect(page.data[0]).toMatchObject({ gateway: "eu", path: "/59" })
  expect(page.data.at(-1)).toMatchObject({ gateway: "eu", path: "/0" })
  const one = JSON.parse((await run(["log", "--history-only", "--gateway", "us", "--json"])).stdout)
  expect(one.data).toHaveLength(30)
})

test("some are recorded by --gateway, and status says with 6 which are not", async () => {
  const { run, record, status, history } = await twoGateways()
  const recorder = record("--gateway", "us")
  await eventually(async () => expect((await status("--gateway", "us")).entries).toBe(30))
  expect(await run(["record", "status", "--gateway", "us"])).toMatchObject({ status: 0 })
  expect(await run(["record", "status"])).toMatchObject({
    status: 6,
    stderr: `opsdeck: nothing of eu is being recorded into ${history}\n`,
  })
  expect(await recorder.end()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^opsdeck: recording /) })
  expect(await run(["record", "--gateway", "ap"])).toMatchObject({
    status: 2,
    stderr: "opsdeck: --gateway: there is no gateway ap; the profile lists eu, us\n",
  })
})
