import { Redis } from "ioredis"
import { expect, onTestFinished, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { startScenario } from "../support/demo.ts"
import { readHelp } from "../support/help.ts"
import { moversUnder, selectFirstMover } from "../support/movers-panel.ts"
import { asSuperuser } from "../support/postgres.ts"
import { SlowLink } from "../support/slow-link.ts"
import { Terminal } from "../support/terminal.ts"

/** Keys from the first screen to the open dialog, those that read the help included. */
const MOST_KEYS = 25
/** A link over half the world: late each way, and the bytes of a key apart, though less than the console waits for them. */
const FAR = { delayMs: 150, gapMs: 60, waitsMs: "400" }
const REASON = "tries other people's passwords"

/** The users whose own requests come from where passwords are tried, as the stream tells it. */
async function behindIt(gatewayRedisUrl: string): Promise<string[]> {
  const redis = new Redis(gatewayRedisUrl)
  onTestFinished(() => redis.disconnect())
  const entries = (await redis.xrange(ACCESS_LOG, "-", "+")).map(([, pairs]) =>
    Object.fromEntries(pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1] as string]] : []))),
  )
  const attempts = entries.filter(
    ({ path, status, ua_type }) => `${path} ${status} ${ua_type}` === "/v1/auth/login 401 tool",
  )
  const addresses = new Set(attempts.map(({ client_ip }) => client_ip))
  const theirs = entries.filter(({ client_ip, identity_type }) => identity_type === "jwt" && addresses.has(client_ip))
  return [...new Set(theirs.map(({ user_id }) => user_id as string))]
}

/** Waits for a text on the screen; answers the match. */
async function seen(terminal: Terminal, what: RegExp): Promise<RegExpExecArray> {
  await terminal.see(what)
  return what.exec(terminal.screen) as RegExpExecArray
}

/**
 * The same on a terminal of 100x30 over a slow link, to the open dialog: a refused sign-in leads to whom its address was signed
 * in as. Answers what the dialog calls them.
 */
async function findOverSlowLink(platform: Record<string, string>): Promise<string> {
  const terminal = Terminal.opsdeck(
    [],
    { ...platform, OPSDECK_ESCAPE_DELAY: FAR.waitsMs },
    { columns: 100, rows: 30, link: new SlowLink(FAR.delayMs, FAR.gapMs) },
  )
  await terminal.see(/▲ \S+\/24 \+4: \d+% of theirs refused on \/v1\/auth\/login, .*\/min +w only this/)
  terminal.press("w")
  await terminal.see(/\/ ip:\S+\/24(,\S+\/24){4}/, /POST +401 .*\/v1\/auth\/login/)
  const log = await readHelp(terminal)
  terminal.press("up")
  await terminal.see("‖ paused")
  terminal.press(log.key("open the user of this request"))
  // An address that nobody came from signed in says so; the one above it may tell more.
  const isUser = () => terminal.screen.includes("Newest requests")
  for (let at = terminal.selected; !isUser(); at = terminal.selected) {
    await terminal.wait(() => isUser() || terminal.screen.includes("no signed-in user"), "u leads nowhere")
    if (isUser()) break
    terminal.press("up")
    await terminal.wait(() => terminal.selected !== at, "did not go up")
    terminal.press(log.key("open the user of this request"))
  }
  await terminal.see(/User {2}\S+ {2}active/)
  const user = await readHelp(terminal)
  terminal.press(user.key("suspend: sessions end"))
  const [, name] = await seen(terminal, /┌ Suspend (\S+)/)
  expect(terminal.pressed).toBeLessThanOrEqual(MOST_KEYS)
  terminal.hangUp()
  await terminal.exited
  return name as string
}

test("who knows only the help finds an attack in ordinary traffic, and suspends the account behind it", {
  timeout: 180_000,
}, async () => {
  const platform = await startScenario("attack")
  const { DATABASE_URL = "", GATEWAY_REDIS_URL = "" } = platform
  const name = await findOverSlowLink(platform)
  const terminal = Terminal.opsdeck([], platform, { columns: 160, rows: 45 })

  // What stands out, with its key.
  const [, network] = await seen(
    terminal,
    /▲ (\S+)\/24 and 4 more: \d+% of their requests refused on \/v1\/auth\/login in 5m, .*\/min +w only this/,
  )
  terminal.press("w")
  await terminal.see(new RegExp(`/ ip:${network}/24(,\\S+/24){4}`), /POST +401 .*\/v1\/auth\/login/)

  // Whose requests come from there as well?
  terminal.press("up")
  await terminal.see("‖ paused")
  // When, what and from where; the name of its user may still be looked up.
  const request = () => terminal.selected?.slice(0, 44)
  const selected = request()
  await terminal.wait(() => moversUnder(terminal, "USER").length === 2, "not one user alone comes from there")
  terminal.press("tab")
  await terminal.see("▌movers")
  const movers = await readHelp(terminal)
  await selectFirstMover(terminal, "USER", movers)
  terminal.press(movers.key("the user of the selected row"))
  await terminal.see(/User {2}\S+ {2}active/, "Newest requests")

  const user = await readHelp(terminal)
  terminal.press(user.key("suspend: sessions end"))
  await terminal.see(`┌ Suspend ${name}`, "all sessions revoked")
  expect(terminal.pressed).toBeLessThanOrEqual(MOST_KEYS)
  terminal.type(REASON).press("tab", "tab")
  await terminal.see("[ Suspend ]")
  terminal.press("enter")
  await terminal.see(/User {2}\S+ {2}suspended/, "✓ status  ✓ sessions (PostgreSQL)  ✓ sessions (Redis)", "✓ audit")

  terminal.press(user.key("the live log of this user alone"))
  await terminal.see(/\/ user:/, / 401 .*\/v1\/(?!auth)/)
  terminal.press("esc")
  await terminal.see(/User {2}\S+ {2}suspended/)
  terminal.press("esc")
  await terminal.see("‖ paused", `/ ip:${network}`)
  await terminal.wait(() => request() === selected, "the request is not selected any more")

  const account = await behindIt(GATEWAY_REDIS_URL)
  expect(account).toHaveLength(1)
  expect(
    await asSuperuser(
      "select id from users where status = 'suspended' and tokens_invalid_before > now() - interval '5 minutes'",
      DATABASE_URL,
    ),
  ).toEqual([{ id: account[0] }])
  const audit = `select target_id, metadata_json ->> 'new_status' as status, metadata_json ->> 'reason' as reason
    from audit_logs where action = 'users.status_changed' and ts > now() - interval '5 minutes'`
  expect(await asSuperuser(audit, DATABASE_URL)).toEqual([
    { target_id: account[0], status: "suspended", reason: REASON },
  ])
})
