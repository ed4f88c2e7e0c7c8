import { render } from "ink-testing-library"
import { expect, test } from "vitest"
import type { AlertStanding } from "../../src/domain/alerts/rule-watch.ts"
import { ValueStore } from "../../src/domain/store.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import { AlertRules } from "../../src/ui/runtime/alert-rules.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { Banner } from "../../src/ui/shell/banner.tsx"
import { openConsole, opening } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

const NOW = Date.parse("2026-11-22T14:04:10Z")
const BEGAN = Date.parse("2026-11-22T14:02:10Z")

const standing = (rule: string, more: Partial<AlertStanding> = {}): AlertStanding => ({
  rule,
  bell: false,
  since: null,
  figure: "1.5%",
  of: "",
  ...more,
})

const ON = { since: BEGAN, figure: "61/s", of: "203.0.113.7" }

/** Rules of the profile over a tail, which says what `tell` is given. */
function rulesOf(...configured: string[]) {
  const snapshots = new ValueStore<TailSnapshot | null>(null)
  const alerts = new AlertRules({ snapshots, setAlerts: () => {} }, configured, () => {})
  return { alerts, tell: (...alerts: AlertStanding[]) => snapshots.set({ alerts } as unknown as TailSnapshot) }
}

test("the banner takes the place of the rule below the tabs, and leaves it again", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s", "error% > 5")
  const { lastFrame } = render(<Banner alerts={alerts} now={NOW} columns={80} />)
  expect(lastFrame()).toBe("─".repeat(80))
  tell(standing("rate(ip) > 50/s", ON))
  await eventually(() =>
    expect(lastFrame()).toBe(" ▲ ALERT  rate(ip) > 50/s  now 61/s, 203.0.113.7  since 14:02:10, 2m ─ ! alerts"),
  )
  tell(standing("rate(ip) > 50/s", ON), standing("error% > 5", { since: BEGAN + 1000 }))
  await eventually(() => expect(lastFrame()).toContain("+1 more  ! alerts"))
  expect(lastFrame()?.length).toBeLessThanOrEqual(80)
  tell(standing("rate(ip) > 50/s"), standing("error% > 5"))
  await eventually(() => expect(lastFrame()).toBe("─".repeat(80)))
})

const console = (alerts: AlertRules, columns = 100) => {
  const clock = new Clock()
  clock.times.set(NOW)
  return openConsole([opening(() => {})], {}, { columns, rows: 19 }, { alerts, clock })
}

test("the list says of each rule how it stands, and which are of the profile", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s", "error% > 5 for 30s")
  alerts.add("p95 > 2s")
  const { see, press, body } = console(alerts)
  tell(standing("rate(ip) > 50/s", ON), standing("error% > 5 for 30s"))
  press("a")
  await see("▌ rate(ip) > 50/s")
  expect(body().slice(7)).toMatchInlineSnapshot(`
    [
      "  ┌ Alerts ──────────────────────────────────────────────────────────────────────────────────────┐",
      "  │ ▌ rate(ip) > 50/s     61/s, 203.0.113.7                        ▲ since 14:02:10, 2m  profile │",
      "  │   error% > 5 for 30s  1.5%                                                    quiet  profile │",
      "  │   p95 > 2000                                                                      …  typed   │",
      "  └──────────────────────────────────────────────────────────────────────────────────────────────┘",
    ]
  `)
  press("d")
  await see("silenced")
  press("d", "j", "j", "d")
  await eventually(() => expect(alerts.states.snapshot.map(({ rule }) => rule)).toHaveLength(2))
})

test("a rule is typed, its mistake is shown where it is, and Esc leaves what was typed first", async () => {
  const { alerts } = rulesOf()
  const { see, press, body, gone } = console(alerts, 80)
  press("!")
  await see("Measured over the last 10 s")
  press("rate(rout) > 5", "enter")
  await see("did you mean route?")
  expect(body().slice(6)).toMatchInlineSnapshot(`
    [
      "",
      "  ┌ Alerts ──────────────────────────────────────────────────────────────────┐",
      "  │ + rate(rout) > 5                                                         │",
      "  │        ^                                                                 │",
      "  │   there is no "rout"; did you mean route? There are ip, network, user,   │",
      "  │   route, country, ua and status                                          │",
      "  └──────────────────────────────────────────────────────────────────────────┘",
    ]
  `)
  press("\x15", "rate(route) > 5", "enter")
  await see("▌ rate(route) > 5/s")
  press("+", "x")
  await see("+ x")
  press("esc")
  await gone("+ x")
  await see("▌ rate(route) > 5/s")
})

test("the palette adds a rule, and says what is wrong with one", async () => {
  const { alerts } = rulesOf()
  const { see, press } = console(alerts)
  press(":", "alert error > 5", "enter")
  await see('there is no "error"; did you mean error%?')
  press("\x15", "alert error% > 5 bell", "enter")
  await see("▌ error% > 5 bell")
  expect(alerts.states.snapshot).toMatchObject([{ rule: "error% > 5 bell", isConfigured: false }])
})
