import { expect, test } from "vitest"
import { ACCESS_LOG, bucketKey } from "../../src/adapters/redis/keys.ts"
import { holdAtGateway, releaseAtGateway } from "../../src/services/gateway/hold.ts"
import { holdNetworks, renewHolds } from "../../src/services/gateway/hold-networks.ts"
import { listHolds } from "../../src/services/gateway/holds.ts"
import { repair } from "../../src/services/repair.ts"
import { eachGeneration } from "../support/postgres.ts"
import { severalGatewaysOn } from "../support/several-gateways.ts"

const ADDRESS = "203.0.113.7"
const BUCKET = bucketKey("address", ADDRESS)
const SHARED = "gateway's bucket of eu, de (Redis)"
const US = "gateway's bucket of us (Redis)"
const AWAY = expect.stringMatching(/cannot be reached/)

eachGeneration(database => {
  const gateways = severalGatewaysOn(database)
  const held = async () => (await (await gateways.deck()).run(listHolds, {})).data[0]
  const tokens = async () => ({
    eu: Number(await gateways.eu.hget(BUCKET, "tokens")),
    us: Number(await gateways.us.hget(BUCKET, "tokens")),
  })

  test("a hold is written to each gateway, and is in force where all have it", async () => {
    const deck = await gateways.deck()
    const { steps } = await deck.change(holdAtGateway, { address: ADDRESS })
    expect(steps.map(({ what }) => what)).toEqual([SHARED, US, expect.stringMatching(/^audit/)])
    expect(await tokens()).toEqual({ eu: expect.closeTo(-4499, -1), us: expect.closeTo(-4499, -1) })
    expect(await held()).toMatchObject({ in_force: true, lacking: [] })
    await gateways.us.del(BUCKET)
    expect(await held()).toMatchObject({ in_force: false, lacking: ["us"] })
    expect((await deck.change(repair, {})).steps).toEqual([{ what: US }])
    expect(await held()).toMatchObject({ in_force: true })
  })

  test("each bucket is held by the rate of its gateway's own copy", async () => {
    await gateways.setCopy({ us: { rate_limit_per_minute: 600 } })
    await (await gateways.deck()).change(holdAtGateway, { address: ADDRESS })
    expect(await tokens()).toEqual({ eu: expect.closeTo(-4499, -1), us: expect.closeTo(-8999, -1) })
  })

  test("at a gateway that is away a hold is owed, by its name, and there alone; so is its release", async () => {
    const deck = await gateways.deck()
    await gateways.eu.xadd(ACCESS_LOG, "*", "client_ip", ADDRESS, "path", "/")
    await gateways.kill()
    const { effects } = await deck.preview(holdAtGateway, { address: ADDRESS, anyway: true })
    expect(effects).toContainEqual(expect.stringMatching(/^50% of the newest 2 requests/))
    expect(effects.at(-1)).toMatch(/^not in force at us until Redis can be written: .*cannot be reached/)
    const { steps, answer } = await deck.change(holdAtGateway, { address: ADDRESS, anyway: true })
    expect(answer.lacking).toEqual(["us"])
    expect(steps).toContainEqual({ what: SHARED })
    expect(steps).toContainEqual({ what: US, owed: AWAY })
    expect(await held()).toMatchObject({ in_force: null, lacking: ["us"], refused: 0 })
    await gateways.restart()
    expect(await held()).toMatchObject({ in_force: false, lacking: ["us"] })
    expect((await deck.change(repair, {})).steps).toEqual([{ what: US }])
    expect(await held()).toMatchObject({ in_force: true })

    const before = await held()
    await gateways.kill()
    const released = await deck.change(releaseAtGateway, { address: ADDRESS })
    expect(released.steps).toContainEqual({ what: US, owed: AWAY })
    expect(released.answer).toMatchObject({ lacking: ["us"] })
    expect(await gateways.eu.exists(BUCKET)).toBe(0)
    const still = { ...before, refused: null, released_at: expect.any(String), lacking: ["us"] }
    expect(await held()).toEqual({ ...still, in_force: null, unknown: ["us"] })
    await gateways.restart()
    await gateways.us.hset(BUCKET, "tokens", "-4499", "ts", String(Date.now() / 1_000))
    expect(await held()).toEqual({ ...still, in_force: false })
    // The same asked again releases it there as well.
    expect((await deck.change(releaseAtGateway, { address: ADDRESS })).steps).toEqual([{ what: US }])
    expect(await held()).toBeUndefined()
  })

  test("while a gateway is silent, the others have what they had: what it takes to learn that ends no hold early", async () => {
    const deck = await gateways.deck()
    await deck.change(holdAtGateway, { address: ADDRESS })
    await gateways.us.del(BUCKET)
    gateways.freeze()
    expect(await held()).toMatchObject({ in_force: null, lacking: ["us"], unknown: ["us"] })
    await gateways.eu.del(BUCKET)
    expect(await held()).toMatchObject({ in_force: false, lacking: ["eu", "de", "us"], unknown: ["us"] })
  })

  test("the networks of what the gateways that answer have logged are held, and renewed there", async () => {
    const deck = await gateways.deck()
    const hold = { networks: ["203.0.113.0/24"], anyway: true }
    await gateways.eu.xadd(ACCESS_LOG, "*", "client_ip", ADDRESS, "path", "/")
    await gateways.kill()
    expect((await deck.change(holdNetworks, hold)).answer.data).toMatchObject([{ address: ADDRESS }])
    await gateways.eu.del(BUCKET)
    expect(await deck.run(renewHolds, {})).toEqual({ renewed: 1, appeared: 0 })
    expect(await gateways.eu.exists(BUCKET)).toBe(1)
  })
})
