import { expect, test } from "vitest"
import type { TimelinePlace } from "../../src/domain/incident/timeline.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { IncidentWatch } from "../../src/ui/runtime/incident-watch.ts"
import { type FakeDeck, openConsole, opening } from "../support/test-console.tsx"
import { eventually } from "../support/waiting.ts"

const NOW = Date.UTC(2026, 10, 28, 3, 14, 10)
const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 3, 2, second)).toISOString()
const INCIDENT = { id: "kibanu", text: "checkout fails", by: "alice", since: at(10), until: null, notes: 1, pinned: 1 }
const row = (id: string, of: Partial<TimelinePlace>): TimelinePlace => ({
  ...{ id, at: at(Number(id)), what: "note", by: "alice", text: "", leads: null },
  ...of,
})
const ROWS = [
  row("50", {
    what: "change",
    by: "bob",
    text: "gateway.hold address 203.0.113.7 (floods)",
    leads: { to: "change", value: "203.0.113.7" },
  }),
  row("30", { text: `since the deployment\u202e, ${"long ".repeat(30)}` }),
  row("20", { what: "alert", by: null, text: "error% > 5: 31%" }),
  row("10", { what: "start", text: "checkout fails" }),
]

/** A console on a host where an incident is open, and what it asked. */
function open(columns = 100, rows = ROWS, incident = INCIDENT) {
  const asked: (readonly [string, object])[] = []
  const deck: FakeDeck = {
    run: async ({ words }, input: object) => {
      const name = words.join(" ")
      if (!name.startsWith("incident ")) return { data: [], next_cursor: null }
      asked.push([name, input])
      const timeline = { data: rows, next_cursor: null, incident, missing: [] }
      if (name === "incident timeline") return timeline
      if (name === "incident list") return { data: [INCIDENT], next_cursor: null }
      return { id: INCIDENT.id }
    },
  }
  const clock = new Clock()
  clock.times.set(NOW)
  const incidents = new IncidentWatch({ look: async () => null, write: async () => 0 }, () => ({
    tail: null,
    alerts: [],
  }))
  const view = openConsole([opening(() => {})], deck, { columns, rows: 20 }, { clock, incidents })
  const changes = () => asked.filter(([name]) => !/timeline|list/.test(name))
  return { ...view, incidents, changes }
}

test.each([80, 100, 160])("the incident that is open is a timeline, the newest first, on %i columns", async columns => {
  const { incidents, press, see, body } = open(columns)
  incidents.states.set(INCIDENT)
  await press("W")
  await see("checkout fails", "open for 12 min, by alice")
  await expect(`${body().join("\n")}\n`).toMatchFileSnapshot(`golden/incident-${columns}.txt`)
})

test("however long it takes to say what is wrong, since when it is so stays in sight", async () => {
  const { incidents, press, see, body } = open(80, ROWS, {
    ...INCIDENT,
    text: `checkout fails ${"for some ".repeat(12)}`,
  })
  incidents.states.set(INCIDENT)
  await press("W")
  await see("error% > 5: 31%")
  expect(body()[0]).toMatch(/checkout fails for .*… {1,2}open for 12 min, by alice$/)
})

test("the keys offer to open a row where it leads somewhere alone", async () => {
  const { incidents, press, see, gone } = open()
  incidents.states.set(INCIDENT)
  await press("W")
  await see("gateway.hold", "Enter open")
  await press("j")
  await gone("Enter open")
  await press("enter")
  await see("this row leads nowhere")
  await press("k")
  await see("Enter open")
})

test("a note is typed, or said to the palette, and X ends the incident once that is confirmed", async () => {
  const { incidents, press, see, gone, changes } = open()
  incidents.states.set(INCIDENT)
  await press("W")
  await see("open for 12 min")
  await press("a")
  await see("A note to the incident")
  await press(..."rolled back", "enter")
  await gone("A note to the incident")
  await press(":", ..."note second one", "enter")
  await see("noted to incident kibanu")
  await press("X")
  await see("End incident kibanu", "[ Not yet ]")
  await press("enter")
  await gone("End incident kibanu")
  await press("X")
  await see("[ Not yet ]")
  await press("y")
  await eventually(() =>
    expect(changes()).toEqual([
      ["incident note", { text: "rolled back", id: "kibanu" }],
      ["incident note", { text: "second one" }],
      ["incident end", { id: "kibanu" }],
    ]),
  )
})

test("e corrects a note, P takes a pin back, and both are seen to have been", async () => {
  const { incidents, press, see, gone, changes } = open(100, [
    row("40", { what: "pinned", text: "GET /v1/runs: 503", line: "00000002" }),
    row("30", {
      ...{ text: "rolled bakc", line: "00000001" },
      amended: { at: at(50), by: "bob", taken_back: false },
    }),
    row("20", { what: "alert", by: null, text: "error% > 5: 31%" }),
    row("10", { what: "start", text: "checkout fails" }),
    row("5", {
      ...{ what: "pinned", text: "GET /v1/me: 200", line: "00000003" },
      amended: { at: at(51), by: "bob", taken_back: true },
    }),
  ])
  incidents.states.set(INCIDENT)
  await press("W")
  await see("GET /v1/runs: 503", "rolled bakc (corrected 03:02:50 by bob)", "P unpin")
  await see("pinned   alice      taken back 03:02:51 by bob: GET /v1/me: 200")
  await press("P")
  await see("taken back from incident kibanu")
  await press("j", "e")
  await see("In other words", "rolled bakc")
  await press("backspace", "backspace", ..."ck", "enter")
  await gone("In other words")
  await press("j", "e")
  await see("a note, or the beginning, can be corrected")
  await press("j", "e")
  await see("an earlier version wrote it")
  await press(":", ..."incident title runs fail", "enter")
  await eventually(() =>
    expect(changes()).toEqual([
      ["incident unpin", { id: "kibanu", line: "00000002" }],
      ["incident correct", { text: "rolled back", line: "00000001", id: "kibanu" }],
      ["incident title", { text: "runs fail" }],
    ]),
  )
})

test("without an open incident W lists those that were, C begins one, and the palette does so from everywhere", async () => {
  const { press, see, changes } = open()
  await press("W")
  await see("kibanu", "checkout fails", "1 shown")
  await press("C")
  await see("What is wrong")
  await press(..."errors", "enter")
  await see("incident kibanu begins: W opens it")
  await press(":", ..."incident start more errors", "enter")
  await eventually(() =>
    expect(changes()).toEqual([
      ["incident start", { text: "errors" }],
      ["incident start", { text: "more errors" }],
    ]),
  )
})

test("an alert offers to begin an incident that says what it is of", async () => {
  const { press, see, changes } = open()
  await press("!", ..."error% > 5", "enter")
  await see("error% > 5", "remove")
  await press("W")
  await see("What is wrong", "error% > 5")
  await press("enter")
  await see("incident kibanu begins")
  expect(changes()).toEqual([["incident start", { text: "error% > 5" }]])
})
