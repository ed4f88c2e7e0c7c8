import { Redis } from "ioredis"
import { expect, onTestFinished, test } from "vitest"
import { ACCESS_LOG } from "../../src/adapters/redis/keys.ts"
import { startScenario } from "../support/demo.ts"
import { Terminal } from "../support/terminal.ts"
import { eventually, until } from "../support/waiting.ts"

/** The newest attempts at other people's passwords, by their statuses. */
async function attempts(redis: Redis): Promise<(string | undefined)[]> {
  const entries = (await redis.xrevrange(ACCESS_LOG, "+", "-", "COUNT", 1_000)).map(([, pairs]) =>
    Object.fromEntries(pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1] as string]] : []))),
  )
  const isAttempt = ({ path, ua_type }: Record<string, string>) => `${path} ${ua_type}` === "/v1/auth/login tool"
  return entries.filter(isAttempt).map(({ status }) => status)
}

test("the attack is stopped by holding the networks that stand out, until they are released", {
  timeout: 120_000,
}, async () => {
  const platform = await startScenario("attack")
  const redis = new Redis(platform.GATEWAY_REDIS_URL ?? "")
  onTestFinished(() => redis.disconnect())
  const terminal = Terminal.opsdeck([], platform, { columns: 160, rows: 45 })
  await terminal.see(/▲ \S+\/24 and 4 more: \d+% of their requests refused on \/v1\/auth\/login/)
  expect(new Set(await attempts(redis))).toContain("401")

  terminal.press("k")
  await terminal.see("‖ paused")
  // Of a probe from within, nothing but the networks can be held.
  for (let row = terminal.selected; / 10\.0\./.test(row ?? ""); row = terminal.selected) {
    terminal.press("k")
    await until(() => terminal.selected !== row)
  }
  terminal.press("H")
  await terminal.see("Hold at the gateway", /\/24 and 4 more: addresses as they appear/)
  terminal.press("j", "j", "enter")
  await terminal.see(/┌ Hold \S+\/24 and 4 more/, /\d+ addresses were seen/, /answered 429 for 15 min/)
  terminal.type("tries passwords").press("tab", "tab")
  await terminal.see("[ Hold ]")
  terminal.press("enter")
  await terminal.see("✓ gateway's bucket (Redis)", /held \d+ 1[45]:\d\d/)
  await eventually(async () => expect((await attempts(redis)).slice(0, 20)).toEqual(Array(20).fill("429")))

  terminal.press("9", "&")
  await terminal.see("REFUSED", "tries passwords", / yes /)
  const held = (await redis.keys("arkloop:ratelimit:ip:*")).length
  terminal.press("X")
  await terminal.see(/┌ Release \S+/)
  terminal.press("tab", "tab")
  await terminal.see("[ Release ]")
  terminal.press("enter")
  await terminal.see("✓ gateway's bucket (Redis)")
  expect(await redis.keys("arkloop:ratelimit:ip:*")).toHaveLength(held - 1)
  terminal.hangUp()
  await terminal.exited
})
