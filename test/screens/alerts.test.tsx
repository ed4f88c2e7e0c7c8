import { render } from "ink-testing-library"
import { expect, onTestFinished, test } from "vitest"
import type { AlertState } from "../../src/domain/alerts/rule-watch.ts"
import type { QueuePulse } from "../../src/domain/queue.ts"
import { ValueStore } from "../../src/domain/store.ts"
import type { TailSnapshot } from "../../src/tail/protocol.ts"
import { AlertRules } from "../../src/ui/runtime/alert-rules.ts"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { IncidentWatch, type OpenIncident } from "../../src/ui/runtime/incident-watch.ts"
import { NameCache } from "../../src/ui/runtime/names.ts"
import { PeriodicLook, type QueueWatch } from "../../src/ui/runtime/periodic-look.ts"
import { Banner } from "../../src/ui/shell/banner.tsx"
import { ALICE, openLog, snapshot } from "../support/log-screen.tsx"
import { openConsole, opening } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

const NOW = Date.parse("2026-11-22T14:04:10Z")
const BEGAN = Date.parse("2026-11-22T14:02:10Z")

const state = (rule: string, more: Partial<AlertState> = {}): AlertState => ({
  rule,
  bell: false,
  since: null,
  figure: "1.5%",
  of: "",
  ...more,
})

/** The names of the users of an environment with one user, "Alice Liddell"; `asked` is who was asked for. */
function namesOfAlice() {
  const asked: string[] = []
  const names = new NameCache(async ids => {
    asked.push(...ids)
    return new Map([[ALICE, "Alice \x1b[31mLiddell"]])
  })
  onTestFinished(() => names.close())
  return { names, asked }
}
const NAMED = "9/s, Alice \\x1b[31mLiddell"

const ON = { since: BEGAN, figure: "61/s", of: "203.0.113.7" }

/** Rules of the profile over a tail, which says what `tell` is given. */
function rulesOf(...configured: string[]) {
  const snapshots = new ValueStore<TailSnapshot | null>(null)
  const alerts = new AlertRules(
    { snapshots, setAlerts: () => {} },
    { queue: queueOf(), recorder: nothing() },
    configured,
    () => {},
  )
  return { alerts, tell: (...alerts: AlertState[]) => snapshots.set({ alerts } as unknown as TailSnapshot) }
}

const nothing = () => new PeriodicLook<never>(async () => null)

/** Watch of a queue of which this is known. */
function queueOf(pulse?: QueuePulse) {
  const queue: QueueWatch = nothing()
  queue.states.set(pulse)
  return queue
}

/** Watch of this host, where this incident is open. */
function incidentsOf(open: OpenIncident | null = null) {
  const incidents = new IncidentWatch({ look: async () => open, write: async () => {} }, () => ({
    tail: null,
    alerts: [],
  }))
  incidents.states.set(open)
  return incidents
}

const guard = new ChangeGuard({ environment: "PROD-EU" }, async () => {})

test("an open incident stands there quietly, whole where there is room, and stays in sight beside an alert", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s")
  const since = new Date(NOW - 12 * 60_000).toISOString()
  const incidents = incidentsOf({ id: "kibanu", text: "checkout fails for everybody in Europe", since, by: "alice" })
  const draw = (columns: number) =>
    render(
      <Banner {...{ guard, alerts, queue: queueOf(), incidents, names: namesOfAlice().names, now: NOW, columns }} />,
    ).lastFrame
  const [wide, narrow] = [draw(100), draw(60)]
  expect(wide()).toMatch(/^ ◆ incident kibanu: checkout fails for everybody in Europe, 12 min {2}W ─+$/)
  expect(narrow()).toMatch(/^ ◆ incident kibanu: checkout fails .*…, 12 min {2}W ?─*$/)
  expect(narrow()?.length).toBeLessThanOrEqual(60)
  tell(state("rate(ip) > 50/s", ON))
  await eventually(() => expect(wide()).toMatch(/^ ▲ ALERT .* ◆ kibanu {2}! alerts ?$/))
  incidents.states.set(null)
  tell(state("rate(ip) > 50/s"))
  await eventually(() => expect(wide()).toBe("─".repeat(100)))
})

test("a replica is told beside what else there is, at every width, until it is promoted", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s")
  const guard = new ChangeGuard({ environment: "PROD-EU" }, async () => {})
  const queue = queueOf({ ready: 12, oldest_s: 180, stuck: 12, in_flight: 0, alive: 0 })
  const incidents = incidentsOf()
  const draw = (columns: number) =>
    render(<Banner {...{ guard, alerts, queue, incidents, names: namesOfAlice().names, now: NOW, columns }} />)
      .lastFrame
  const [wide, narrow] = [draw(100), draw(60)]
  guard.heed({ lagS: 3, follows: null })
  await eventually(() => {
    expect(wide()).toMatch(/^ ▲ QUEUE {2}12 stuck {2}replica, 3 s behind: nothing can be changed here ─+$/)
    expect(narrow()).toMatch(/^ ▲ QUEUE {2}12 stuck {2}replica, 3 s behind/)
  })
  queue.states.set(null)
  guard.heed({ lagS: 0.2, follows: null })
  await eventually(() => expect(narrow()).toMatch(/^ replica, up to date: nothing can be changed here ─+$/))
  tell(state("rate(ip) > 50/s", ON))
  await eventually(() => expect(wide()).toMatch(/^ ▲ ALERT /))
  tell(state("rate(ip) > 50/s"))
  guard.heed(undefined)
  await eventually(() => expect(wide()).toBe("─".repeat(100)))
})

test("jobs that nobody takes stand there in red, in few words beside an alert", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s")
  const queue = queueOf({ ready: 12, oldest_s: 180, stuck: 12, in_flight: 0, alive: 0 })
  const { lastFrame } = render(
    <Banner
      guard={guard}
      alerts={alerts}
      queue={queue}
      incidents={incidentsOf()}
      names={namesOfAlice().names}
      now={NOW}
      columns={100}
    />,
  )
  expect(lastFrame()).toMatch(/^ ▲ QUEUE {2}12 jobs are ready, no worker alive can take them, oldest 3m ─+$/)
  tell(state("rate(ip) > 50/s", ON))
  await eventually(() => expect(lastFrame()).toMatch(/^ ▲ QUEUE {2}12 stuck {2}▲ ALERT {2}rate\(ip\) > 50\/s/))
  tell(state("rate(ip) > 50/s"))
  queue.states.set({ ready: 12, oldest_s: 180, stuck: 0, in_flight: 0, alive: 1 })
  await eventually(() => expect(lastFrame()).toBe("─".repeat(100)))
})

test("the banner takes the place of the rule below the tabs, and leaves it again", async () => {
  const { alerts, tell } = rulesOf("rate(ip) > 50/s", "error% > 5")
  const { lastFrame } = render(
    <Banner
      guard={guard}
      alerts={alerts}
      queue={queueOf()}
      incidents={incidentsOf()}
      names={namesOfAlice().names}
      now={NOW}
      columns={80}
    />,
  )
  expect(lastFrame()).toBe("─".repeat(80))
  tell(state("rate(ip) > 50/s", ON))
  await eventually(() =>
    expect(lastFrame()).toBe(" ▲ ALERT  rate(ip) > 50/s  10s: 61/s, 203.0.113.7  since 14:02:10, 2m  ! alerts"),
  )
  tell(state("rate(ip) > 50/s", ON), state("error% > 5", { since: BEGAN + 1000 }))
  await eventually(() => expect(lastFrame()).toContain("+1 more  ! alerts"))
  expect(lastFrame()?.length).toBeLessThanOrEqual(80)
  tell(state("rate(ip) > 50/s"), state("error% > 5"))
  await eventually(() => expect(lastFrame()).toBe("─".repeat(80)))
})

const console = (alerts: AlertRules, columns = 100, names = namesOfAlice().names) => {
  const clock = new Clock()
  clock.times.set(NOW)
  return openConsole([opening(() => {})], {}, { columns, rows: 19 }, { alerts, names, clock })
}

const OF_ALICE = { since: BEGAN, figure: "9/s", of: ALICE }

test("a figure that is of a user says the name once it is known; nothing but ids is asked for", async () => {
  const { alerts, tell } = rulesOf("rate(user) > 5/s", "rate(ip) > 50/s")
  const { names, asked } = namesOfAlice()
  const { lastFrame } = render(
    <Banner
      guard={guard}
      alerts={alerts}
      queue={queueOf()}
      incidents={incidentsOf()}
      names={names}
      now={NOW}
      columns={100}
    />,
  )
  tell(state("rate(user) > 5/s", OF_ALICE), state("rate(ip) > 50/s", ON))
  await eventually(() => expect(lastFrame()).toContain(`9/s, ${ALICE}`))
  await eventually(() => expect(lastFrame()).toContain(`10s: ${NAMED}  since 14:02:10`))
  expect(asked).toEqual([ALICE])
})

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
