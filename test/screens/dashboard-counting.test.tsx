import { cleanup } from "ink-testing-library"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { MINUTE, NOW, openDashboard, pending, SECOND, slow } from "../support/dashboard-screen.ts"
import { eventually } from "../support/waiting.ts"

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

test("what is added to a count is marked, until all is counted again", async () => {
  const { behaviour, line, see, press, pass } = openDashboard()
  behaviour.tookMs = 2 * SECOND
  await see("45 000 113", "150.0 G")
  pass(10 * SECOND)
  press("ctrl-r")
  await see("~45 000 113", "~$ 450 112.20")
  expect(line("~ counted")).toMatchInlineSnapshot(`" ~ counted at 14:02:30, and what was added since   = recounts"`)
  behaviour.missing = 3n
  press("ctrl-r")
  await see("what was added since but 12 rows")
  await eventually(() => expect(line("Dashboard")).not.toContain("reading"))
  press("=")
  await eventually(() => expect(line("~ counted")).toBeUndefined())
  expect(line("Runs ")).not.toContain("~")
})

test("a table that cannot be counted any more keeps its figures, and says why", async () => {
  const { behaviour, body, see, press, pass } = openDashboard(100, 16)
  behaviour.tookMs = 2 * SECOND
  await see("45 000 113", "150.0 G")
  behaviour.count = part => {
    if (part !== "usage") return
    vi.setSystemTime(Date.now() + 2 * MINUTE)
    throw slow
  }
  pass(20 * MINUTE)
  press("ctrl-r")
  await see("tokens and cost: PostgreSQL")
  expect(body().slice(0, 10)).toMatchInlineSnapshot(`
    [
      " Dashboard   today: since 00:00 UTC; this week: the last 7 days                      as of 14:22:42",
      " ▲ tokens and cost: PostgreSQL at db:5432 took too long for this and was stopped",
      "",
      "▌Gateway        214/s  in 1m ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          Organizations         85 004  +12 this week",
      " Tokens in           ~150.0 G  +1.2 G today        Tokens out           ~75.1 G  +600.0 M today",
      " Cost           ~$ 450 112.20  +$ 1 204.12 today",
      "",
    ]
  `)
})

test("it is read every 30 s while it is in sight, and not while another screen is on top", async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setInterval", "clearInterval"] })
  const { behaviour, see, leave } = openDashboard()
  await see("150.0 G")
  await vi.advanceTimersByTimeAsync(30 * SECOND)
  await eventually(() => expect(behaviour.readings).toBe(8))
  leave()
  await vi.advanceTimersByTimeAsync(5 * MINUTE)
  expect(behaviour.readings).toBe(8)
})

test("a status leads to the runs that have it, and back to the same place", async () => {
  const { behaviour, see, press } = openDashboard()
  await see("▌Gateway", "failed")
  press("j", "j", "j")
  await see("▌Tokens in")
  press("j", "j", "j")
  await see("▌failed")
  press("enter")
  await see("Nothing matches status:failed since:2026-11-22")
  expect(behaviour.runsOf).toBe("status:failed since:2026-11-22")
  press("esc")
  await see("▌failed")
})

test("today's failures stand below by their class of error, and lead to the runs that failed so", async () => {
  const { body, behaviour, see, press, pass } = openDashboard(100, 30)
  await see("▌Gateway", "1 204 312")
  behaviour.recent.failures = { "provider.timeout": 12n, "tool.failed": 3n, "": 2n, a: 1n, b: 1n }
  // It is not read again at once.
  pass(10 * SECOND)
  press("ctrl-r")
  await see("Failures today by error")
  const at = body().findIndex(line => line.includes("Failures today by error"))
  expect(body().slice(at, at + 5)).toMatchInlineSnapshot(`
    [
      " Failures today by error",
      " provider.timeout █████████████▎        12  63%",
      " tool.failed      ███▍                   3  16%",
      " no class         ██▎                    2  11%",
      " 2 others         ██▎                    2  11%",
    ]
  `)
  press("G")
  await see("▌tool.failed")
  press("k", "enter")
  await see("Nothing matches error:provider.timeout since:2026-11-22")
  expect(behaviour.runsOf).toBe("error:provider.timeout since:2026-11-22")
})

test("a flood of new accounts is shown, and leads to these; on other days there is nothing", async () => {
  const { behaviour, see, press, pass, line } = openDashboard(100, 30)
  await see("▌Gateway", "1 204 312")
  expect(line("New users  ")).toBeUndefined()
  behaviour.recent["new users"] = {
    [Date.parse("2026-11-22T13:00:00Z")]: 412n,
    [Date.parse("2026-11-16T13:00:00Z")]: 9n,
  }
  pass(10 * SECOND)
  press("ctrl-r")
  await see("▲ 412 in the hour from 13:00, usually 0 at most")
  press("j", "enter")
  await see("not deleted")
  await eventually(() => expect(behaviour.runsOf).toBe("since:2026-11-22T13:00:00.000Z"))
})

test("users and runs lead to the lists that they count, and Esc comes back", async () => {
  const { behaviour, see, press } = openDashboard()
  await see("▌Gateway", "1 204 312")
  press("j")
  await see("▌Users")
  press("d")
  await see("New users by day", "today")
  press("enter")
  await see("not deleted")
  expect(behaviour.asked).toMatchObject({ words: ["users", "list"] })
  press("esc")
  await see("▌Users")
  press("j", "enter")
  await see("Runs by day", "2026-11-21")
  press("j", "j", "enter")
  await see("Nothing matches")
  expect(behaviour.runsOf).toBe("since:2026-11-21 since>2026-11-22")
})

test("tokens and cost lead to their models, and from there to the runs of one", async () => {
  const { behaviour, see, press } = openDashboard()
  await see("▌Gateway", "1 204 312")
  press("j", "j", "j")
  await see("▌Tokens in")
  press("enter")
  await see("┌ Models by cost, 7 days")
  press("enter")
  await see("Nothing matches model:")
  expect(behaviour.runsOf).toMatch(/^model:\S+ since:2026-11-16$/)
})

test("counting everything again says so, also while the figures are being read", async () => {
  const { behaviour, see, press, gone } = openDashboard()
  behaviour.newer = part => (part === "users" ? pending() : undefined)
  await see("reading…")
  let count = () => {}
  behaviour.newer = () => {}
  behaviour.count = () => new Promise(resolve => (count = resolve))
  press("=")
  await see("recounting…")
  behaviour.count = () => {}
  count()
  await gone("recounting…")
  await see("1 204 312")
})
