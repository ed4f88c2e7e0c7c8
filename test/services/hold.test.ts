import { randomUUID } from "node:crypto"
import { beforeEach, expect, test } from "vitest"
import { oneGateway, openRedis } from "../../src/adapters/redis/connections.ts"
import { ACCESS_LOG, bucketKey } from "../../src/adapters/redis/keys.ts"
import { holdAtGateway, releaseAtGateway } from "../../src/services/gateway/hold.ts"
import { holdNetworks, renewHolds } from "../../src/services/gateway/hold-networks.ts"
import { listHolds } from "../../src/services/gateway/holds.ts"
import { repair } from "../../src/services/repair.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"
import { startTcpProxy } from "../support/tcp-proxy.ts"

const ADDRESS = "203.0.113.7"
const BUCKET = bucketKey("address", ADDRESS)

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)

  const log = (fields: Record<string, string>, times = 1) =>
    Promise.all(
      Array.from({ length: times }, () =>
        operations.gateway.xadd(ACCESS_LOG, "*", ...Object.entries({ path: "/v1", status: "200", ...fields }).flat()),
      ),
    )
  /** Tokens of a bucket, `after` so many seconds at `rate` tokens a second. */
  async function tokensAfter(seconds: number, rate: number, key = BUCKET): Promise<number> {
    const [tokens, ts] = await operations.gateway.hmget(key, "tokens", "ts")
    return Number(tokens) + rate * (Date.now() / 1_000 + seconds - Number(ts))
  }
  const audits = () =>
    asSuperuser(
      `select action, target_type, target_id, metadata_json as metadata from audit_logs
       where action like 'gateway.%' order by ts`,
      database.url,
    )

  /** A deck whose Redis is gone. */
  async function cutOff() {
    const proxy = await startTcpProxy(operations.server.port)
    const url = `redis://127.0.0.1:${proxy.port}`
    await proxy.close()
    return operations.deck(undefined, openRedis({ api: { url }, gateways: oneGateway({ url }) }))
  }

  beforeEach(async () => {
    await operations.gateway.flushdb()
    await asSuperuser("delete from audit_logs where action in ('gateway.hold', 'gateway.release')", database.url)
    await settings.setRows("gateway.", {})
    await log({ client_ip: "198.51.100.1" }, 9)
    await log({ client_ip: ADDRESS })
  })

  test("empties the bucket of an address until the end, audited with end and reason", async () => {
    await settings.setCopy('{"rate_limit_per_minute": 600}')
    const deck = await operations.deck()
    const { answer, steps } = await deck.change(holdAtGateway, { address: ADDRESS, minutes: 30, reason: "stuffing" })
    expect(answer).toMatchObject({ address: ADDRESS, by: deck.operator.login, reason: "stuffing", refused: 0 })
    expect(Date.parse(answer.until) - Date.parse(answer.since)).toBe(30 * 60_000)
    expect(steps.map(({ what, owed }) => [what.replace(/^audit .*/, "audit"), owed])).toEqual([
      ["gateway's bucket (Redis)", undefined],
      ["audit", undefined],
    ])
    expect(await tokensAfter(1_795, 10)).toBeLessThan(1)
    expect(await tokensAfter(1_803, 10)).toBeGreaterThan(1)
    expect(await operations.gateway.ttl(BUCKET)).toBeGreaterThan(1_790)
    expect(await audits()).toEqual([
      {
        action: "gateway.hold",
        target_type: "address",
        target_id: ADDRESS,
        metadata: { until: answer.until, reason: "stuffing" },
      },
    ])
  })

  test("counts with the row's rate where the copy has none, else with the default, and says so", async () => {
    const deck = await operations.deck()
    const unknown = "the gateway's rate is not set here: counted with its default, the end is about right"
    expect((await deck.preview(holdAtGateway, { address: ADDRESS })).effects).toContain(unknown)
    await deck.change(holdAtGateway, { address: ADDRESS, minutes: 1 })
    expect(await tokensAfter(57, 5)).toBeLessThan(1)
    expect(await tokensAfter(63, 5)).toBeGreaterThan(1)
    await settings.setRows("gateway.", { ratelimit_rate_per_minute: "60" })
    expect((await deck.preview(holdAtGateway, { address: ADDRESS })).effects).not.toContain(unknown)
    await deck.change(holdAtGateway, { address: ADDRESS, minutes: 1 })
    expect(await tokensAfter(57, 1)).toBeLessThan(1)
    expect(await tokensAfter(63, 1)).toBeGreaterThan(1)
  })

  test("a preview tells its share of the requests, and who was seen from it", async () => {
    const { id, login, orgId } = await addPerson(database.postgres)
    await log({ client_ip: ADDRESS, user_id: id, org_id: orgId })
    const deck = await operations.deck()
    const { title, effects, needsConfirmation, typed } = await deck.preview(holdAtGateway, { address: ADDRESS })
    expect({ title, needsConfirmation, typed }).toEqual({ title: `Hold ${ADDRESS}`, needsConfirmation: true })
    expect(effects).toEqual(
      expect.arrayContaining([
        `requests from it without a valid token are answered 429 for 15 min`,
        "18% of the newest 11 requests: 2",
        "1 of these came from signed-in users, who are not held: hold their organization for that",
        `users seen from it: ${login} (1)`,
      ]),
    )
  })

  test("a preview does not say that nobody was signed in where the log names no users, as with API keys", async () => {
    const { orgId } = await addPerson(database.postgres)
    await log({ client_ip: "203.0.113.77", org_id: orgId })
    const deck = await operations.deck()
    const unnamed = "the log does not name their users, as with API keys"
    for (const held of [{ address: "203.0.113.77" }, { org_id: orgId }]) {
      const { effects } = await deck.preview(holdAtGateway, held)
      expect(effects).toContain(unnamed)
      expect(effects.join()).not.toContain("no signed-in user was seen")
    }
  })

  test("an organization is held by its id, and has to exist", async () => {
    const { orgId } = await addPerson(database.postgres)
    const deck = await operations.deck()
    const { answer } = await deck.change(holdAtGateway, { org_id: orgId })
    expect(answer).toMatchObject({ org_id: orgId, reason: null })
    expect(await tokensAfter(890, 5, bucketKey("organization", orgId))).toBeLessThan(1)
    await expect(deck.change(holdAtGateway, { org_id: randomUUID() })).rejects.toMatchObject({ code: "not_found" })
  })

  test.each([
    ["a private address", "10.1.2.3", /private address/],
    ["a trusted proxy", "198.18.0.9", /trusted proxy \(198\.18\.0\.0\/15\)/],
    ["more than a fifth of everything", "198.51.100.1", /more than a fifth/],
  ])("%s is held only where that was confirmed", async (_, address, why) => {
    await settings.setRows("gateway.", { trusted_cidrs: '["198.18.0.0/15"]' })
    const deck = await operations.deck()
    const { effects, typed } = await deck.preview(holdAtGateway, { address })
    expect(effects[0]).toMatch(why)
    expect(typed).toBe("hold anyway")
    await expect(deck.change(holdAtGateway, { address })).rejects.toMatchObject({
      code: "conflict",
      field: "anyway",
      message: expect.stringMatching(why),
    })
    expect(await operations.gateway.exists(bucketKey("address", address))).toBe(0)
    await deck.change(holdAtGateway, { address }, { seen: { confirmed: typed } })
    await deck.change(holdAtGateway, { address, anyway: true })
    expect(await audits()).toHaveLength(2)
  })

  test("a list tells who is held until when, and how much was refused since", async () => {
    const { orgId, id, login } = await addPerson(database.postgres)
    const deck = await operations.deck()
    await log({ client_ip: ADDRESS, status: "429" })
    await deck.change(holdAtGateway, { address: ADDRESS, reason: "stuffing" })
    const { answer } = await deck.change(holdAtGateway, { org_id: orgId })
    await log({ client_ip: ADDRESS, status: "429" }, 2)
    await log({ client_ip: ADDRESS, status: "429", user_id: id, org_id: orgId })
    await operations.gateway.del(BUCKET)
    const { data } = await deck.run(listHolds, {})
    expect(data).toEqual([
      { ...answer, refused: 1, in_force: true, org_name: login, network: null },
      expect.objectContaining({ address: ADDRESS, reason: "stuffing", refused: 2, in_force: false }),
    ])
    await asSuperuser(
      `update audit_logs set metadata_json = jsonb_set(metadata_json, '{until}', to_jsonb(now()::text))
       where action = 'gateway.hold'`,
      database.url,
    )
    expect(await deck.run(listHolds, {})).toEqual({ data: [], next_cursor: null })
  })

  test("a release deletes the bucket; what nobody holds cannot be released", async () => {
    const deck = await operations.deck()
    await expect(deck.preview(releaseAtGateway, { address: ADDRESS })).rejects.toMatchObject({ code: "not_found" })
    const { answer } = await deck.change(holdAtGateway, { address: ADDRESS })
    const released = await deck.change(releaseAtGateway, { address: ADDRESS, reason: "our own office" })
    expect(released.answer).toMatchObject({ address: ADDRESS, until: answer.until })
    expect(await operations.gateway.exists(BUCKET)).toBe(0)
    expect((await audits()).at(-1)).toEqual({
      action: "gateway.release",
      target_type: "address",
      target_id: ADDRESS,
      metadata: { until: answer.until, reason: "our own office" },
    })
    expect(await deck.run(listHolds, {})).toMatchObject({ data: [] })
    await expect(deck.change(releaseAtGateway, { address: ADDRESS })).rejects.toMatchObject({ code: "not_found" })
  })

  test("while Redis is away a hold is saved and not in force; a repair, or the same asked again, puts it in force", async () => {
    const { steps } = await (await cutOff()).change(holdAtGateway, { address: ADDRESS })
    expect(steps[0]).toMatchObject({
      what: "gateway's bucket (Redis)",
      owed: expect.stringMatching(/cannot be reached/),
    })
    const deck = await operations.deck()
    expect(await deck.run(listHolds, {})).toMatchObject({ data: [{ address: ADDRESS, in_force: false }] })
    await deck.change(repair, {})
    expect(await tokensAfter(890, 5)).toBeLessThan(1)
    expect(await deck.run(listHolds, {})).toMatchObject({ data: [{ address: ADDRESS, in_force: true }] })

    const release = await (await cutOff()).change(releaseAtGateway, { address: ADDRESS })
    expect(release.steps[0]).toMatchObject({ owed: expect.stringMatching(/cannot be reached/) })
    expect(await operations.gateway.exists(BUCKET)).toBe(1)
    expect((await deck.change(releaseAtGateway, { address: ADDRESS })).answer).toBeNull()
    expect(await operations.gateway.exists(BUCKET)).toBe(0)
  })

  test("nothing is written into a database that holds nothing of the gateway's", async () => {
    await operations.gateway.flushdb()
    const deck = await operations.deck()
    await expect(deck.change(holdAtGateway, { address: ADDRESS })).rejects.toMatchObject({ code: "conflict" })
    expect(await audits()).toEqual([])
  })

  test("an address is spelled as the gateway spells it", async () => {
    const deck = await operations.deck()
    const { answer } = await deck.change(holdAtGateway, { address: "2001:DB8:0:0::0001" })
    expect(answer.address).toBe("2001:db8::1")
    expect((await deck.change(holdAtGateway, { address: "::ffff:203.0.113.7" })).answer.address).toBe(ADDRESS)
  })

  test("renewing sets the buckets again, and holds new addresses of a held network", async () => {
    const deck = await operations.deck()
    await log({ client_ip: "203.0.114.9" }, 20)
    const { answer } = await deck.change(holdNetworks, { networks: ["203.0.113.0/24"], reason: "stuffing" })
    expect(answer.data.map(({ address }) => address)).toEqual([ADDRESS])
    await operations.gateway.del(BUCKET)
    await log({ client_ip: "203.0.113.8" })
    expect(await deck.run(renewHolds, {})).toEqual({ renewed: 2, appeared: 1 })
    expect(await tokensAfter(890, 5)).toBeLessThan(1)
    expect(await tokensAfter(890, 5, bucketKey("address", "203.0.113.8"))).toBeLessThan(1)
    const { data } = await deck.run(listHolds, {})
    const { until } = answer.data[0] as { until: string }
    const common = { until, reason: "stuffing", network: "203.0.113.0/24", in_force: true }
    expect(data).toEqual([
      expect.objectContaining({ address: "203.0.113.8", ...common }),
      expect.objectContaining({ address: ADDRESS, ...common }),
    ])
    await deck.change(releaseAtGateway, { address: "203.0.113.8" })
    expect(await deck.run(renewHolds, {})).toEqual({ renewed: 1, appeared: 0 })
  })
})
