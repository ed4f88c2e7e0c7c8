import { beforeEach, describe, expect, test } from "vitest"
import { GATEWAY_CONFIG } from "../../src/adapters/redis/keys.ts"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { platformOn } from "./platform.ts"

const ROWS = `delete from platform_settings; insert into platform_settings (key, value) values
  ('gateway.ip_mode', 'trusted_proxy'), ('gateway.trusted_cidrs', '["10.0.0.0/8","2001:db8::/32"]'),
  ('gateway.risk_reject_threshold', '95')`
const COPY = {
  ip_mode: "trusted_proxy",
  trusted_cidrs: ["10.0.0.0/8", "2001:db8::/32"],
  risk_reject_threshold: 95,
  rate_limit_capacity: 120,
}

eachGeneration(database => {
  const platform = platformOn(database)
  const run = (...argv: string[]) => command(["gateway", ...argv], platform.env)
  const copy = async () => JSON.parse((await platform.gateway.get(GATEWAY_CONFIG)) as string)

  beforeEach(async () => {
    await asSuperuser(ROWS, database.url)
    await platform.gateway.set(GATEWAY_CONFIG, JSON.stringify(COPY))
  })

  test("gateway show is the document of the golden file, and a card for people", async () => {
    const { status, stdout, stderr } = await run("show", "--json")
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/gateway-show.json")
    await expect((await run("show")).stdout).toMatchFileSnapshot("golden/gateway-show.txt")
  })

  test("gateway set prints the configuration after the change, and the gateway gets it", async () => {
    const options = ["--ip-mode", "cdn", "--trusted-cidr", "172.16.0.0/12", "--trusted-cidr=2001:DB8::/32"]
    const set = ["set", ...options, "--risk-reject-threshold", "0.75", "--reason", "attack", "--yes"]
    const { status, stdout, stderr } = await run(...set, "--json")
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot("golden/gateway-set.json")
    expect(await copy()).toEqual({
      ip_mode: "cloudflare",
      trusted_cidrs: ["172.16.0.0/12", "2001:db8::/32"],
      risk_reject_threshold: 75,
      rate_limit_capacity: 120,
    })
    expect(await run(...set)).toMatchObject({ status: 0, stderr: "opsdeck: nothing to change\n" })
    const none = await run("set", "--no-trusted-cidrs", "--yes")
    await expect(none.stdout).toMatchFileSnapshot("golden/gateway-set.txt")
    expect(none.stderr).toMatch(/^opsdeck: trusted CIDRs, gateway's copy \(Redis\), API's cache \(Redis\), audit .*\n$/)
  })

  test("gateway set asks first", async () => {
    const { status, stdout, stderr } = await run("set", "--risk-reject-threshold", "0")
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
    expect(stderr).toMatch(/use --yes/)
    expect(await copy()).toEqual(COPY)
  })

  test("a change that Redis did not take prints its answer, is status 6, and is put right by repair", async () => {
    const { rate_limit_capacity: _withoutRow, ...ofRows } = COPY
    await platform.gateway.set(GATEWAY_CONFIG, JSON.stringify(ofRows))
    const away = "redis://127.0.0.1:1"
    const set = ["gateway", "set", "--risk-reject-threshold", "0.5", "--yes", "--json"]
    const blind = await command(set, { ...platform.env, REDIS_URL: away, GATEWAY_REDIS_URL: away })
    expect(blind.status).toBe(6)
    expect(JSON.parse(blind.stdout)).toMatchObject({ risk_reject_threshold: 0.5 })
    expect(JSON.parse(blind.stderr).error).toMatchObject({ code: "not_in_force" })
    expect(JSON.parse((await run("show", "--json")).stdout)).toMatchObject({ in_sync: false })
    const repaired = await command(["repair", "--json"], platform.env)
    expect(JSON.parse(repaired.stdout).data).toEqual([{ what: "gateway's copy (Redis)", owed: null }])
    expect(JSON.parse((await run("show", "--json")).stdout)).toMatchObject({ in_sync: true })
  })

  test("an address is held, listed and released; where Redis is away the hold is status 6", async () => {
    const hold = [
      "hold",
      "--address",
      "203.0.113.7",
      "--minutes",
      "30",
      "--reason",
      "tries passwords",
      "--yes",
      "--json",
    ]
    const { status, stdout, stderr } = await run(...hold)
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    const held = JSON.parse(stdout)
    expect(Object.keys(held)).toEqual(["address", "since", "until", "by", "reason", "refused"])
    expect(JSON.parse((await run("holds", "--json")).stdout)).toEqual({ data: [held], next_cursor: null })
    expect((await run("holds")).stdout).toMatch(/203\.0\.113\.7 .*tries passwords/)
    const released = await run("release", "--address", "203.0.113.7", "--json")
    expect(JSON.parse(released.stdout)).toMatchObject({ address: "203.0.113.7", until: held.until })
    expect((await run("release", "--address", "203.0.113.7")).status).toBe(4)
    const away = "redis://127.0.0.1:1"
    const blind = await command(["gateway", ...hold], { ...platform.env, REDIS_URL: away, GATEWAY_REDIS_URL: away })
    expect(blind.status).toBe(6)
    expect(JSON.parse(blind.stderr).error).toMatchObject({ code: "not_in_force" })
  })

  test.each([
    [["hold", "--yes"], 2, "specify one of address, org_id"],
    [["hold", "--address", "203.0.113.7", "--minutes", "241", "--yes"], 2, "1 to 240"],
    [["hold", "--address", "10.0.0.1", "--yes"], 5, "--anyway holds it nevertheless"],
  ])("%s is refused", async (argv, status, why) => {
    const refused = await run(...argv)
    expect(refused).toMatchObject({ status, stdout: "" })
    expect(refused.stderr).toContain(why)
  })

  describe("status 2", () => {
    test.each([
      [[], /nothing to change: specify at least one of ip_mode, trusted_cidrs, risk_reject_threshold/],
      [["--ip-mode", "prxy"], /--ip-mode: must be one of direct, proxy, cdn; did you mean proxy\?/],
      [["--trusted-cidr", "10.0.0.1"], /--trusted-cidr: 10\.0\.0\.1 must be a CIDR block.*10\.0\.0\.1\/32/],
      [["--trusted-cidr", ""], /--trusted-cidr: an empty text must be a CIDR block/],
      [["--trusted-cidr", "::/0", "--no-trusted-cidrs"], /--trusted-cidr.*--no-trusted-cidrs/],
      [["--risk-reject-threshold", "70"], /--risk-reject-threshold: must be 0 to 1/],
      [["--risk-reject-threshold", "0.755"], /--risk-reject-threshold: must have at most two decimals/],
      [["--risk-reject-threshold", ""], /--risk-reject-threshold: must be a number from 0 to 1/],
    ])("%j", async (options, message) => {
      const outcome = await run("set", ...options, "--yes")
      expect(outcome).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) })
    })
  })

  test("status 6: the gateway's Redis cannot be reached, or holds something else", async () => {
    const blind = await command(["gateway", "show"], { ...platform.env, GATEWAY_REDIS_URL: "redis://127.0.0.1:1" })
    expect(blind).toMatchObject({ status: 6, stdout: "", stderr: expect.stringMatching(/cannot be reached/) })
    await platform.gateway.del(GATEWAY_CONFIG)
    await platform.gateway.lpush(GATEWAY_CONFIG, "x")
    expect(await run("show")).toMatchObject({ status: 6, stderr: expect.stringMatching(/check the key/) })
    await platform.gateway.del(GATEWAY_CONFIG)
  })
})
