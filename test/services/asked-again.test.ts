import { beforeEach, describe, expect, onTestFinished, test } from "vitest"
import { ACCESS_LOG, tokenMarkKey } from "../../src/adapters/redis/keys.ts"
import { cacheOf } from "../../src/adapters/redis/setting-cache.ts"
import { setEmail } from "../../src/services/email/email.ts"
import { setGateway } from "../../src/services/gateway/gateway.ts"
import type { Change, Outcome } from "../../src/services/operation.ts"
import { repair } from "../../src/services/repair.ts"
import { deleteUser, updateUser } from "../../src/services/users/user-changes.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { settingsOn } from "../support/settings.ts"

const REFUSED = expect.stringMatching(/NOREPLICAS|replicas/i)
const owedOf = ({ steps }: Outcome<unknown>) => steps.filter(({ owed }) => owed !== undefined)

eachGeneration(database => {
  const operations = operationsOn(database)
  const settings = settingsOn(database, operations)
  const markOf = (id: string) => operations.api.get(tokenMarkKey(id))
  const audited = async () =>
    (await asSuperuser("select from audit_logs where action <> 'auth.login'", database.url)).length

  /** Redis answers what it is asked, and takes no writes until the function returned is called. */
  async function refuseWrites(): Promise<() => Promise<unknown>> {
    await operations.api.config("SET", "min-replicas-to-write", 1)
    const allow = () => operations.api.config("SET", "min-replicas-to-write", 0)
    onTestFinished(() => void allow())
    return allow
  }

  beforeEach(async () => {
    await asSuperuser("delete from audit_logs; delete from platform_settings", database.url)
    await settings.setCopy("{}")
    await operations.gateway.xadd(ACCESS_LOG, "MAXLEN", 1, "*", "path", "/")
  })

  /** Made while Redis refuses, made again, then a third time with Redis well, and once more. */
  async function again(change: Change, input: Readonly<Record<string, unknown>>, owed: readonly string[]) {
    const deck = await operations.deck()
    const allow = await refuseWrites()
    expect(owedOf(await deck.change(change, input))).not.toEqual([])
    const rows = await audited()
    expect(await deck.preview(change, input)).toMatchObject({ effects: expect.arrayContaining(told(owed)) })
    expect((await deck.change(change, input)).steps).toEqual(owed.map(what => ({ what, owed: REFUSED })))
    await allow()
    expect((await deck.change(change, input)).steps).toEqual(owed.map(what => ({ what })))
    expect(await audited()).toBe(rows)
    expect((await deck.change(repair, {})).steps).toEqual([])
    return deck
  }
  const told = (owed: readonly string[]) => owed.map(what => `${what}: written again`)

  test("a suspension that Redis refused is owed when it is asked for again, and paid once Redis takes it", async () => {
    const { id } = await addPerson(database.postgres, { username: "alice" })
    const input = { id, status: "suspended" }
    const deck = await again(updateUser, input, ["sessions of alice (Redis)"])
    expect(await markOf(id)).not.toBeNull()
    expect((await deck.change(updateUser, input)).steps).toEqual([])
    expect(await deck.preview(updateUser, input)).toMatchObject({ unchanged: true })
  })

  test("is owed beside a change that is new as well", async () => {
    const { id } = await addPerson(database.postgres, { username: "alice" })
    const deck = await operations.deck()
    const allow = await refuseWrites()
    await deck.change(updateUser, { id, status: "suspended" })
    await allow()
    const input = { id, status: "suspended", locale: "en-GB" }
    expect(await deck.preview(updateUser, input)).toMatchObject({
      effects: ["locale: none → en-GB", "sessions of alice (Redis): written again"],
    })
    const { steps } = await deck.change(updateUser, input)
    expect(steps.map(({ what }) => what)).toEqual([
      "locale",
      "sessions of alice (Redis)",
      expect.stringMatching(/^audit/),
    ])
  })

  test("sessions that somebody else ended are owed as well, while their tokens can live; later ones are not", async () => {
    const deck = await operations.deck()
    const ended = async (ago: string) => {
      const { id } = await addPerson(database.postgres, { username: "bob", status: "suspended" })
      await asSuperuser(
        `update users set tokens_invalid_before = now() - interval '${ago}' where id = '${id}'`,
        database.url,
      )
      return deck.change(updateUser, { id, status: "suspended" })
    }
    expect((await ended("2591000 seconds")).steps).toEqual([{ what: "sessions of bob (Redis)" }])
    expect((await ended("2593000 seconds")).steps).toEqual([])
  })

  test("a deletion asked for again pays what it owes, and is refused once nothing is owed", async () => {
    const { id } = await addPerson(database.postgres, { username: "alice" })
    const deck = await again(deleteUser, { id }, ["sessions of alice (Redis)"])
    expect(await markOf(id)).not.toBeNull()
    await expect(deck.change(deleteUser, { id })).rejects.toMatchObject({ code: "conflict" })
    await expect(deck.preview(deleteUser, { id })).rejects.toMatchObject({ code: "conflict" })
  })

  describe("the gateway's copy", () => {
    const COPY = "gateway's copy (Redis)"

    test("is owed for each setting, the rate limits too", async () => {
      const inputs = { ip_mode: "cdn", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.8 }
      for (const [field, value] of Object.entries({ ...inputs, rate_limit_capacity: 50, rate_limit_per_minute: 60 })) {
        const deck = await again(setGateway, { [field]: value }, [COPY])
        expect((await deck.change(setGateway, { [field]: value })).steps).toEqual([])
      }
      expect(await settings.copy()).toMatchObject({ ip_mode: "cloudflare", rate_limit_per_minute: 60 })
    })

    test("is owed what was taken from it", async () => {
      await settings.setRows("gateway.", { ip_mode: "direct" })
      await settings.setCopy('{"ip_mode":"direct"}')
      const deck = await operations.deck()
      const allow = await refuseWrites()
      const input = { inherit: ["ip_mode"] }
      await deck.change(setGateway, input)
      expect(owedOf(await deck.change(setGateway, input))).toContainEqual({ what: COPY, owed: REFUSED })
      await allow()
      await deck.change(setGateway, input)
      expect(await settings.copy()).toEqual({})
      expect((await deck.change(setGateway, input)).steps).toEqual([])
    })

    test("is shown with what it holds before it is written again", async () => {
      await settings.setRows("gateway.", { ip_mode: "cloudflare", risk_reject_threshold: "80" })
      await settings.setCopy('{"ip_mode":"direct","risk_reject_threshold":10}')
      expect(await (await operations.deck()).preview(setGateway, { ip_mode: "cdn" })).toMatchObject({
        needsConfirmation: true,
        unchanged: false,
        effects: [
          `${COPY}: written again`,
          "mode: the gateway's copy changes from direct to cdn, as in the database",
          "reject at risk: the gateway's copy changes from 0.10 to 0.80, as in the database",
        ],
      })
    })
  })

  test("an old value in the API's cache is owed when the same is set again", async () => {
    await settings.setCached("email.from", cacheOf("old@example.com"))
    const input = { from: "new@example.com" }
    const deck = await again(setEmail, input, ["API's cache of email.from (Redis)"])
    expect(await settings.cached("email.from")).toBeNull()
    expect((await deck.change(setEmail, input)).steps).toEqual([])
    await settings.setCached("email.smtp_host", cacheOf("old.example"))
    expect((await deck.change(setEmail, input)).steps).toEqual([])
  })

  test("what cannot be asked may be owed, which is told with the reason", async () => {
    const { id } = await addPerson(database.postgres, { username: "alice" })
    const deck = await operations.deck()
    await deck.change(updateUser, { id, status: "suspended" })
    await operations.api.acl("SETUSER", "default", "-mget")
    onTestFinished(async () => void (await operations.api.acl("SETUSER", "default", "+@all")))
    const { steps } = await deck.change(updateUser, { id, status: "suspended" })
    expect(steps).toEqual([{ what: "sessions (Redis)", owed: expect.stringMatching(/mget/i), unseen: true }])
    expect(await deck.preview(updateUser, { id, status: "suspended" })).toMatchObject({
      effects: [expect.stringMatching(/^sessions \(Redis\): .*mget/i)],
    })
  })
})
