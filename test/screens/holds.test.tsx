import { expect, test } from "vitest"
import type { HeldRow } from "../../src/domain/hold.ts"
import { holdsScreen } from "../../src/ui/screens/holds/holds-list.tsx"
import { answering, ORG, page } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"

const HELD: HeldRow = {
  address: "203.0.113.1",
  since: "2026-11-22T14:00:00Z",
  until: "2026-11-22T14:15:00Z",
  by: "alice",
  reason: "stuffing",
  refused: 12,
  in_force: true,
  lacking: [],
  org_name: null,
  network: null,
}

test("a hold is in force where every gateway has it, else the list says which lacks it, or its release, or may", async () => {
  const rows: Partial<HeldRow>[] = [
    {},
    { address: "203.0.113.2", in_force: false },
    { address: "203.0.113.3", in_force: null },
    { address: "203.0.113.4", in_force: false, lacking: ["us"] },
    { address: "203.0.113.5", in_force: null, lacking: ["us"], unknown: ["us"] },
    { address: "203.0.113.6", in_force: false, lacking: ["us"], released_at: HELD.since },
    { address: "203.0.113.8", in_force: false, lacking: ["eu", "us"], unknown: ["us"] },
    { address: "203.0.113.7", in_force: null, lacking: [], released_at: HELD.since },
  ]
  const deck = answering({ "gateway holds": page(rows.map(row => ({ ...HELD, ...row }))) })
  const { see, lines } = openConsole([holdsScreen], deck)
  await see("203.0.113.7")
  const shown = lines().map(line => /203\.0\.113\.\d +\S+ +12 (.{20})/.exec(line)?.[1]?.trim())
  expect(shown.filter(cell => cell !== undefined)).toEqual([
    "yes",
    "not yet",
    "-",
    "not us",
    "maybe us",
    "still us",
    "not eu; maybe us",
    "maybe still",
  ])
})

test("an organization whose name is blank is listed by its id", async () => {
  const rows = ["", " "].map(org_name => ({ ...HELD, address: undefined, org_id: ORG, org_name }))
  const { see, lines } = openConsole([holdsScreen], answering({ "gateway holds": page(rows) }))
  await see("2 shown")
  expect(lines().filter(line => line.includes(`org ${ORG.slice(0, 4)}`))).toHaveLength(2)
})

test.each([80, 100])("which gateways lack it, and which may, is whole at %i columns", async columns => {
  const row = { ...HELD, in_force: false, lacking: ["eu", "de", "us"], unknown: ["us"] }
  const { see } = openConsole([holdsScreen], answering({ "gateway holds": page([row]) }), { columns, rows: 24 })
  await see("not eu, de; maybe us")
})
