import { render } from "ink-testing-library"
import { expect, test } from "vitest"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { IncidentWatch, type OpenIncident } from "../../src/ui/runtime/incident-watch.ts"
import { Banner } from "../../src/ui/shell/banner.tsx"
import { BEGAN, NAMED, NOW, namesOfAlice, OF_ALICE, ON, queueOf, rulesOf, state } from "../support/alert-rules.ts"
import { ALICE } from "../support/log-screen.tsx"
import { eventually } from "../support/waiting.ts"

/** Watch of this host, where this incident is open. */
function incidentsOf(open: OpenIncident | null = null) {
  const incidents = new IncidentWatch({ look: async () => open, write: async () => 0 }, () => ({
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
