import { beforeAll, beforeEach, expect, test } from "vitest"
import { command } from "../support/command.ts"
import { home, newHomes, profiles } from "../support/config-home.ts"
import { COPY } from "../support/gateway-settings.ts"
import { addAdministrator, addApiKey } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"
import { severalGatewaysOn } from "../support/several-gateways.ts"

eachGeneration(database => {
  const gateways = severalGatewaysOn(database)
  let key: string
  const run = (...argv: string[]) => command([...argv, "--profile", "three"], { HOME: home, OPSDECK_API_KEY: key })
  const shown = async () => JSON.parse((await run("gateway", "show", "--json")).stdout)

  newHomes()
  beforeAll(async () => {
    key = await addApiKey(database.postgres, await addAdministrator(database.postgres))
  })
  beforeEach(() => {
    const redisUrl = `${gateways.operations.server.url}/0`
    profiles({ profiles: { three: { databaseUrl: database.url, redisUrl, gateways: gateways.listed() } } })
  })

  test("gateway show says of each whether its copy is in sync, for programs and for people", async () => {
    await gateways.setCopy({ us: { ...COPY, risk_reject_threshold: 75, rate_limit_capacity: 9 } })
    const { status, stdout, stderr } = await run("gateway", "show", "--json")
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/gateway-show-several.json")
    await expect((await run("gateway", "show")).stdout).toMatchFileSnapshot("golden/gateway-show-several.txt")
  })

  test("gateway set is status 6 and names whose copy was not written; repair writes that one", async () => {
    await gateways.kill()
    const set = ["gateway", "set", "--risk-reject-threshold", "0.5", "--yes"]
    const partial = await run(...set, "--json")
    expect(partial.status).toBe(6)
    expect(JSON.parse(partial.stdout)).toMatchObject({ risk_reject_threshold: 0.5 })
    expect(JSON.parse(partial.stderr).error).toMatchObject({
      code: "not_in_force",
      message: expect.stringMatching(
        /not in force yet: gateway's copy of us \(Redis\): Redis at \S+ cannot be reached/,
      ),
    })
    const people = await run("gateway", "set", "--risk-reject-threshold", "0.4", "--yes")
    expect(people).toMatchObject({
      status: 6,
      stdout: expect.stringMatching(/eu, de yes; us not known: Redis at \S+ cannot be reached/),
      stderr: expect.stringMatching(/^opsdeck: reject at risk, gateway's copy of eu, de \(Redis\), API's cache/),
    })
    expect(await shown()).toMatchObject({
      risk_reject_threshold: 0.4,
      in_sync: false,
      copies: [
        { gateway: "eu", in_sync: true, reachable: true },
        { gateway: "de", in_sync: true, reachable: true },
        { gateway: "us", in_sync: false, drift: [], reachable: false },
      ],
    })
    expect(await run("repair")).toMatchObject({ status: 6, stderr: expect.stringContaining("gateway's copy of us") })

    await gateways.restart()
    const repaired = await run("repair", "--json")
    expect(repaired.status).toBe(0)
    expect(JSON.parse(repaired.stdout).data).toEqual([{ what: "gateway's copy of us (Redis)", owed: null }])
    expect(await shown()).toMatchObject({ in_sync: true })
  })

  test("gateway hold is status 6 and names who does not hold; the others do", async () => {
    await gateways.kill()
    const hold = await run("gateway", "hold", "--address", "203.0.113.7", "--yes", "--json")
    expect(hold.status).toBe(6)
    expect(JSON.parse(hold.stderr).error.message).toMatch(/: gateway's bucket of us \(Redis\): Redis at/)
    expect(await gateways.eu.exists("arkloop:ratelimit:ip:203.0.113.7")).toBe(1)
  })
})
