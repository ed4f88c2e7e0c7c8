import { cleanup } from "ink-testing-library"
import { afterEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { GatewayInspection } from "../../src/domain/gateway.ts"
import { ThresholdCount, type ThresholdHits, type ThresholdTally } from "../../src/domain/threshold-count.ts"
import { repairGateway, setGateway } from "../../src/services/gateway.ts"
import { Clock } from "../../src/ui/live/clock.ts"
import type { TailClient } from "../../src/ui/live/tail-client.ts"
import { gatewayScreen } from "../../src/ui/screens/gateway/gateway-screen.tsx"
import { later, preview } from "../support/fake-changes.ts"
import { type FakeDeck, openConsole, opening } from "../support/test-console.tsx"

afterEach(cleanup)

const DATABASE = { ip_mode: "proxy", trusted_cidrs: ["10.0.0.0/8"], risk_reject_threshold: 0.8 } as const
const STANDING: GatewayInspection = {
  database: { ...DATABASE, trusted_cidrs: [...DATABASE.trusted_cidrs] },
  copy: { ...DATABASE, trusted_cidrs: [...DATABASE.trusted_cidrs], risk_reject_threshold: 0.75 },
  unknown: { rate_limit_capacity: 1234, rate_limit_per_minute: 99 },
  drift: ["risk_reject_threshold"],
  garbled: { database: [], copy: [] },
  unreadable: [],
  trouble: null,
}
const HITS: ThresholdHits = {
  requests: 9812,
  seen: 9812,
  since: "2026-11-22T14:02:29Z",
  rejected: 214,
  addresses: 41,
  signed_in: 3,
  users: [
    { id: "1", username: "alice", requests: 2 },
    { id: "2", username: "\x1b[31mbob", requests: 1 },
  ],
}
const NOW = Date.parse("2026-11-22T14:10:00Z")
/** What the ring has counted. */
const HELD = { ...new ThresholdCount(0).tally, oldest: "1763820149000-0", seen: 9000 }
const SAVED = { answer: DATABASE, steps: [{ what: "reject at risk" }] }

/** The body of a terminal of 112 columns and 30 rows, 80x24 and 60x15. */
const WIDE = { columns: 112, rows: 25 }
const MIDDLE = { columns: 80, rows: 19 }
const SMALL = { columns: 60, rows: 10 }

interface Answers extends Pick<FakeDeck, "change" | "preview"> {
  readonly inspect?: () => Promise<GatewayInspection>
  readonly simulate?: (threshold: number, counted: ThresholdTally) => Promise<ThresholdHits>
}

function openGateway(answers: Answers = {}, size = WIDE) {
  const { inspect = async () => STANDING, simulate = async () => HITS } = answers
  const simulated = vi.fn(simulate)
  const change = vi.fn(answers.change ?? (async () => SAVED))
  const run = async (
    { words }: { words: readonly string[] },
    { threshold, counted }: { threshold: number; counted: ThresholdTally },
  ) => {
    if (words.join() === "gateway,inspect") return inspect()
    if (words.join() === "gateway,simulate") return simulated(threshold, counted)
    return { data: [{ actor_login: "second", ts: "2026-11-22T14:01:58Z" }], next_cursor: null }
  }
  const screens = [gatewayScreen, { ...opening(() => {}), digit: "2" }] as const
  const repairs = vi.fn<() => Promise<unknown>>(async () => ({ steps: [] }))
  const clock = new Clock()
  clock.times.set(NOW)
  const tail = { count: async () => HELD } as unknown as TailClient
  const foreseen = answers.preview ?? (async () => preview({ title: "Change the gateway's settings" }))
  return {
    ...openConsole([...screens], { run, preview: foreseen, change, repair: repairs }, size, { clock, tail }),
    change,
    simulated,
    repairs,
  }
}

/** Goes to the threshold and types another. */
const threshold = (text: string) => ["G", "enter", "\x15", text]

test("three columns, what each change means, and whom the threshold would hit", async () => {
  const { see, press, body } = openGateway()
  await see("9 812 requests")
  press("right", "a", "172.16.0.1/12", "enter", "a", "10.0.0.0", "enter", ...threshold("0.7"), "enter")
  await see("At 0.70", "0.7 ")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   not saved yet   ▲ drift: F repairs the gateway's copy",
      "                  database               gateway's copy           proposed",
      "  mode            proxy                  proxy                    cdn                    after a gateway restart",
      "  trusted CIDRs   10.0.0.0/8             10.0.0.0/8               10.0.0.0/8",
      "                                                                + 172.16.0.1/12          means 172.16.0.0/12",
      "                                                                + 10.0.0.0               must be a CIDR block,",
      "                                                                                         like 10.0.0.0/8 or",
      "                                                                                         2001:db8::/32: this",
      "                                                                                         address alone is",
      "                                                                                         10.0.0.0/32",
      "                                                                  add a block            after a gateway restart",
      "▌ reject at risk  0.80                   0.75 ▲ drift             0.7                    within 30 s",
      "  kept as it is   rate_limit_capacity 1 234, rate_limit_per_minute 99",
      "",
      " At 0.70, of 9 812 requests still held (since 14:02:29): 214 rejected, from 41 addresses, 3 of signed-in users",
      " (alice 2, \\x1b[31mbob 1).",
      " What the gateway already rejects is logged with risk 0 and is not in this count.",
    ]
  `)
})

test("with 80 columns what it means stands below", async () => {
  const { see, press, body } = openGateway({}, MIDDLE)
  await see("9 812 requests")
  press("j", "d", ...threshold("0"))
  await see("At 0.00 nothing is rejected")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   not saved yet   ▲ drift: F repairs the gateway's copy",
      "                  database            gateway's copy        proposed",
      "  mode            proxy               proxy                 proxy",
      "  trusted CIDRs   10.0.0.0/8          10.0.0.0/8          - 10.0.0.0/8",
      "                                                            add a block",
      "                                                         after a gateway restart",
      "                           an empty list falls back to the gateway's environment",
      "▌ reject at risk  0.80                0.75 ▲ drift          0",
      "                                                            within 30 s",
      "                  0 switches rejection off, unless the gateway's environment",
      "                  sets a threshold",
      "  kept as it is   rate_limit_capacity 1 234, rate_limit_per_minute 99",
      "",
      " At 0.00 nothing is rejected.",
    ]
  `)
})

test("on the smallest terminal the cursor is in sight, at the end with what the threshold does", async () => {
  const { see, press, body } = openGateway({}, SMALL)
  await see("9 812 requests", "▌ mode")
  press("G")
  await see("▌ reject at risk")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Gateway   ▲ drift: F repairs the gateway's copy",
      "▌ reject at risk  0.80          0.75 ▲ drift    0.80",
      "  kept as it is   rate_limit_capacity 1 234,",
      "                  rate_limit_per_minute 99",
      "",
      " At 0.80, of 9 812 requests still held (since 14:02:29):",
      " 214 rejected, from 41 addresses, 3 of signed-in users",
      " (alice 2, \\x1b[31mbob 1).",
      " What the gateway already rejects is logged with risk 0 and",
      " is not in this count.",
    ]
  `)
  press("g", "a", "2001:db8:1234:5678:9abc:def0:1234:5678/128")
  await see("5678/128", "+ ")
})

test("what cannot be read says so, in the column and in words", async () => {
  const { see, body } = openGateway({
    inspect: async () => ({
      ...STANDING,
      copy: null,
      unknown: {},
      drift: ["ip_mode", "trusted_cidrs", "risk_reject_threshold"],
      garbled: { database: ["ip_mode"], copy: ["ip_mode", "trusted_cidrs", "risk_reject_threshold"] },
      unreadable: ['the database: ip_mode cannot be read: "magic"', "the gateway's copy is no JSON object"],
    }),
  })
  await see("9 812 requests")
  expect(body().slice(0, 9)).toMatchInlineSnapshot(`
    [
      " Gateway   ▲ drift: F repairs the gateway's copy",
      " ▲ the database: ip_mode cannot be read: "magic"",
      " ▲ the gateway's copy is no JSON object",
      "                  database               gateway's copy           proposed",
      "▌ mode            cannot be read         cannot be read ▲         ‹ (left as it is) ›",
      "  trusted CIDRs   10.0.0.0/8             cannot be read ▲         10.0.0.0/8",
      "                                                                  add a block",
      "  reject at risk  0.80                   cannot be read ▲         0.80",
      "",
    ]
  `)
})

test("where Redis cannot be asked the copy is not known, and that is no drift", async () => {
  const trouble = "Redis (gateway) cannot be reached"
  const { see, lines } = openGateway({ inspect: async () => ({ ...STANDING, copy: null, drift: [], trouble }) })
  await see(`▲ ${trouble}`, "not known")
  expect(lines().join()).not.toContain("drift")
})

test("drift is repaired with one key, after it was read what that does", async () => {
  const answers = [STANDING, { ...STANDING, copy: STANDING.database, drift: [] }]
  const { see, press, change } = openGateway({
    inspect: async () => (answers.length > 1 ? answers.shift() : answers[0]) as GatewayInspection,
    preview: async () => preview({ title: "Repair the gateway's copy" }),
  })
  await see("0.75 ▲ drift", "F repairs the gateway's copy")
  press("F")
  await see("Repair the gateway's copy on PROD-EU", "What happens")
  press("tab", "tab", "enter")
  await see("in sync")
  expect(change).toHaveBeenCalledWith(repairGateway, {}, { seen: {} })
})

test("only what is changed is saved, with what was seen", async () => {
  const { see, gone, press, change } = openGateway()
  await see("9 812 requests")
  press(...threshold("0.70"), "ctrl-s")
  await see("What happens", "Save")
  press("bots", "tab", "tab", "enter")
  await see("✓ reject at risk")
  expect(change).toHaveBeenCalledWith(
    setGateway,
    { risk_reject_threshold: 0.7, reason: "bots" },
    { seen: { risk_reject_threshold: 0.8 } },
  )
  await gone("not saved yet")
})

test("what is saved and not in force yet is said before all else, until R has written it", async () => {
  const trouble = "Redis (gateway) cannot be reached"
  const standing = { trouble: null as string | null }
  const { see, gone, press, repairs } = openGateway({
    inspect: async () => ({ ...STANDING, ...standing, drift: standing.trouble ? [] : STANDING.drift }),
    change: async () => {
      standing.trouble = trouble
      return { ...SAVED, steps: [...SAVED.steps, { what: "gateway's copy (Redis)", owed: "refused" }] }
    },
  })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("▲ saved, not yet in force (R retries): gateway's copy (Redis): refused")
  await see("Gateway   ▲ saved, not yet in force: R retries", "R retry")
  standing.trouble = null
  repairs.mockResolvedValueOnce({ steps: [{ what: "gateway's copy (Redis)" }] })
  press("R")
  await see("✓ gateway's copy (Redis)", "0.75 ▲ drift")
  await gone("saved, not yet in force")
})

test("nothing changed is not saved, and a mistake neither: the cursor goes to it", async () => {
  const { see, press, change } = openGateway()
  await see("9 812 requests")
  press("ctrl-s")
  await see("nothing is changed")
  press("a", "10.0.0.1", "ctrl-s")
  await see("line 2 must be a CIDR block", "this address alone is 10.0.0.1/32")
  expect(change).not.toHaveBeenCalled()
})

test("what is typed outlives a refresh and another screen", async () => {
  const standing = { ...STANDING }
  const { see, gone, press, queries } = openGateway({ inspect: async () => ({ ...standing }) })
  await see("9 812 requests")
  press(...threshold("0.7"))
  await see("not saved yet")
  standing.database = { ...STANDING.database, ip_mode: "direct", risk_reject_threshold: 0.6 }
  await queries.invalidateQueries()
  await see("direct", "0.60", "somebody saved another")
  press("5", "enter", "2")
  await gone("trusted CIDRs")
  press("9")
  await see("0.75", "not saved yet", "within 30 s")
})

test("Esc gives up what is typed, and asks before it gives up what is proposed", async () => {
  const { see, gone, press } = openGateway()
  await see("9 812 requests")
  press("right", "a", "1")
  await see("cdn", "+ 1")
  press("esc")
  await gone("+ 1")
  press("esc")
  await see("Give up what you propose?", "What you changed is lost: mode.", "[ Keep ]")
  press("tab", "enter")
  await gone("not saved yet")
})

test("leaving opsdeck asks where something is not saved", async () => {
  const { see, press } = openGateway()
  await see("9 812 requests")
  press("right", "q")
  await see("Leave opsdeck without saving?", "[ Keep ]")
})

test("what somebody else saved meanwhile is taken or overwritten", async () => {
  const conflicts = [{ field: "risk_reject_threshold", was: 0.8, theirs: 0.6, yours: 0.7 }]
  const answers = [() => Promise.reject(new DeckError("conflict", "saved meanwhile", { conflicts })), async () => SAVED]
  const { see, gone, press, change } = openGateway({ change: () => (answers.shift() as () => Promise<unknown>)() })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("bots", "tab", "tab", "enter")
  await see("Somebody saved the gateway's settings while you were editing (second, 14:01:58)", "reject at risk", "0.6")
  press("enter")
  await gone("Somebody saved the")
  press("ctrl-s")
  await see("bots", "What happens")
  press("tab", "tab", "enter")
  await see("✓ reject at risk")
  expect(change).toHaveBeenLastCalledWith(
    setGateway,
    { risk_reject_threshold: 0.7, reason: "bots" },
    { seen: { risk_reject_threshold: 0.6 } },
  )
})

test("an older count never stands for a newer threshold", async () => {
  const first = later<ThresholdHits>()
  const { see, press, simulated, lines } = openGateway({
    simulate: threshold =>
      threshold === 0.7 ? first.promise : Promise.resolve({ ...HITS, rejected: threshold * 100 }),
  })
  await see("80 rejected")
  press(...threshold("0.7"))
  await vi.waitFor(() => expect(simulated).toHaveBeenCalledWith(0.7, HELD))
  await see("Counting whom 0.70 would have hit")
  press("backspace", "6")
  await see("At 0.60", "60 rejected")
  first.resolve({ ...HITS, rejected: 7777 })
  press("enter")
  await see("within 30 s")
  expect(lines().join()).not.toContain("7 777")
  expect(lines().join()).not.toContain("7777")
})

test("where there was no time for all that is held, it says of how much it speaks, and since when", async () => {
  const { see } = openGateway({
    simulate: async () => ({ ...HITS, requests: 200_000, seen: 50_000, since: "2026-11-21T23:05:00Z" }),
  })
  await see("At 0.80, of the newest 50 000 of 200 000 requests still held (since 11-21 23:05): 214 rejected")
})

test("what is typed and no threshold is counted for nobody", async () => {
  const { see, press, simulated } = openGateway()
  await see("9 812 requests")
  press(...threshold("2"))
  await see("must be 0 to 1", "A threshold from 0 to 1 shows here whom it would hit.")
  expect(simulated.mock.calls.every(([asked]) => asked === 0.8)).toBe(true)
})

test("a failure to read is told", async () => {
  const { see } = openGateway({ inspect: () => Promise.reject(new DeckError("internal", "no such table")) })
  await see("▲ no such table")
})
