import { expect, test } from "vitest"
import type { AlertRules } from "../../src/ui/runtime/alert-rules.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { NAMED, NOW, namesOfAlice, OF_ALICE, ON, rulesOf, state } from "../support/alert-rules.ts"
import { ALICE, openLog, snapshot } from "../support/log-screen.tsx"
import { openConsole, opening } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

const console = (alerts: AlertRules, columns = 100, names = namesOfAlice().names) => {
  const clock = new Clock()
  clock.times.set(NOW)
  return openConsole([opening(() => {})], {}, { columns, rows: 19 }, { alerts, names, clock })
}

test("the list says the name of the user that a figure is of", async () => {
  const { alerts, tell } = rulesOf("rate(user) > 5/s", "rate(ip) > 50/s")
  const { see, press } = console(alerts)
  tell(state("rate(user) > 5/s", OF_ALICE), state("rate(ip) > 50/s", ON))
  press("!")
  await see(`▌ rate(user) > 5/s  ${NAMED} `, "rate(ip) > 50/s   61/s, 203.0.113.7 ")
})

test("the log asks for the name of the user that an alert is of, and says it where the alert began", async () => {
  const alert = { kind: "alert", rule: "rate(user) > 5/s", bell: false, endedAt: null, ...OF_ALICE } as const
  const { lines, wanted } = await openLog(snapshot({ end: 2, rows: [alert, { ...alert, of: "203.0.113.7" }] }))
  expect(lines().at(-2)).toContain("alert began 14:02:10: rate(user) > 5/s (9/s, Alice Liddell)")
  await eventually(() => expect(wanted).toEqual([ALICE]))
})

test("the list says of each rule how it stands, and which are of the profile", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s", "error% > 5 for 30s")
  alerts.add("p95 > 2s")
  const { see, press, body } = console(alerts)
  tell(state("rate(ip) > 50/s", ON), state("error% > 5 for 30s"))
  press("!")
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
  press("delete")
  await see("silenced")
  press("delete", "j", "j", "delete")
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
      "  │ No alert rules yet: type one and press Enter. It lasts until the         │",
      "  │ console ends; rules to keep go into the settings, as "alerts".           │",
      "  │                                                                          │",
      "  │ + rate(rout) > 5                                                         │",
      "  │        ^                                                                 │",
      "  │   there is no "rout"; did you mean route? There are ip, network, user,   │",
      "  │   route, country, ua, gateway and status                                 │",
      "  └──────────────────────────────────────────────────────────────────────────┘",
    ]
  `)
  press("\x15", "rate(route) > 5", "enter")
  await see("▌ rate(route) > 5/s")
  press("a", "x")
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

test("b leads from an alert to what changed as it began, of the value that it is of", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s for 30s", "error% > 5")
  const { see, press } = console(alerts)
  tell(state("rate(ip) > 50/s for 30s", ON), state("error% > 5"))
  press("!")
  await see("▌ rate(ip) > 50/s for 30s", "b what changed")
  press("j", "b")
  await see("this alert is quiet")
  press("k", "b")
  await see("What changed", "/ ip:203.0.113.7", "14:01:30 to")
  press("esc")
  await see("▌ rate(ip) > 50/s for 30s")
})
