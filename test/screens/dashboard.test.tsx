import { cleanup } from "ink-testing-library"
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest"
import { type DaySums, NOTHING, type Part, type Sums } from "../../src/domain/dashboard.ts"
import { DeckError } from "../../src/domain/errors.ts"
import { Clock } from "../../src/ui/live/clock.ts"
import { ValueStore } from "../../src/ui/live/store.ts"
import type { TailClient } from "../../src/ui/live/tail-client.ts"
import type { TailSnapshot } from "../../src/ui/live/tail-protocol.ts"
import { dashboardScreen } from "../../src/ui/screens/dashboard/dashboard-screen.tsx"
import { STATISTICS } from "../support/statistics.ts"
import { openConsole } from "../support/test-console.tsx"

const NOW = Date.parse("2026-11-22T14:02:30Z")
const SECOND = 1_000
const MINUTE = 60 * SECOND

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const day = (daysAgo: number) => new Date(NOW - daysAgo * 86_400_000).toISOString().slice(0, 10)
const on = (daysAgo: number, key: string, sums: Partial<Sums>): DaySums => ({
  ...NOTHING,
  ...sums,
  day: day(daysAgo),
  key,
})

/** What each table holds when it is counted. */
const COUNTED: Record<Part, { totals: Partial<Sums>; days: DaySums[] }> = {
  users: {
    totals: { count: 1_204_312n, active: 380_112n, recorded: 900_000n },
    days: Array.from({ length: 14 }, (_, i) => on(i, "", { count: BigInt(100 + ((i * 37) % 90)) })),
  },
  orgs: { totals: { count: 85_004n }, days: [on(2, "", { count: 12n })] },
  runs: {
    totals: { count: 45_000_112n },
    days: [
      on(0, "completed", { count: 201n }),
      on(0, "failed", { count: 21n }),
      on(0, "running", { count: 8n }),
      ...Array.from({ length: 13 }, (_, i) => on(i + 1, "completed", { count: BigInt(150 + ((i * 53) % 160)) })),
    ],
  },
  usage: {
    totals: { input: 150_000_000_000n, output: 75_100_000_000n, cost: 45_011_220_000_000n },
    days: Array.from({ length: 14 }, (_, i) => [
      on(i, "claude-sonnet-4-5", {
        input: 1_200_000_000n,
        output: 600_000_000n,
        cost: BigInt(90 + i) * 1_000_000_000n,
      }),
      on(i, "\u202egpt", { cost: 30_412_345_678n }),
    ]).flat(),
  },
}

type Answer = (part: Part) => Promise<void> | void

/** The dashboard over tables that are as above. `count` and `newer` may wait, or fail; each count takes `tookMs`. */
function openDashboard(columns = 100, rows = 25) {
  const behaviour = {
    count: (() => {}) as Answer,
    newer: (() => {}) as Answer,
    tookMs: 0,
    missing: 0n,
    readings: 0,
    runsOf: undefined as string | undefined,
  }
  const run = async (operation: { words: readonly string[] }, { part, status }: { part: Part; status?: string }) => {
    if (operation.words[0] === "runs") {
      behaviour.runsOf = status
      return { data: [], next_cursor: null }
    }
    if (operation.words[1] === "newer") {
      behaviour.readings++
      await behaviour.newer(part)
      return { days: part === "runs" ? [on(0, "failed", { count: 1n })] : [], missing: behaviour.missing }
    }
    vi.setSystemTime(Date.now() + behaviour.tookMs)
    await behaviour.count(part)
    const { totals, days } = COUNTED[part]
    return { mark: { time: "", growth: null }, totals: { ...NOTHING, ...totals }, days }
  }
  const clock = new Clock()
  const snapshots = new ValueStore(tail())
  const around = { clock, tail: { snapshots } as unknown as TailClient }
  const terminal = openConsole([dashboardScreen], { run }, { columns, rows }, around)
  return {
    ...terminal,
    behaviour,
    leave: cleanup,
    /** Lets time pass, as the clock and everybody sees it. */
    pass: (ms: number) => {
      vi.setSystemTime(Date.now() + ms)
      clock.times.set(Date.now())
    },
    line: (start: string) => terminal.body().find(line => line.trimStart().startsWith(start)),
  }
}

const tail = (): TailSnapshot =>
  ({
    link: { state: "live", heardAt: NOW + 3_600_000 },
    statistics: STATISTICS,
  }) as TailSnapshot

const pending = () => new Promise<void>(() => {})
const slow = new DeckError("unavailable", "PostgreSQL at db:5432 took too long for this and was stopped")

test("everything, where there is room for charts", async () => {
  const { body, see } = openDashboard()
  await see("150.0 G", "as of")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Dashboard   today: since 00:00 UTC; this week: the last 7 days                      as of 14:02:30",
      "",
      " Gateway        214/s ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          Organizations         85 004  +12 this week",
      " Tokens in            150.0 G  +1.2 G today        Tokens out            75.1 G  +600.0 M today",
      " Cost            $ 450 112.20  +$ 1 204.12 today",
      "",
      " Runs  max 309            Tokens  max 1.8 G        Cost  max $ 1 334.12     New users  max 184",
      " ▇  █  █  █               ██████████████           █▇▇▆▆▅▅▄▄▃▃▂▂▁            █    ▆    ▄",
      " █▃ █▃ █▃ █▄              ██████████████           ██████████████            █▂ █ █  ▆ █",
      " ██ ██ ██ ██  ▆           ██████████████           ██████████████           ▃██ █▁██ █ █▆",
      " ██▇██▇██▇██▇ █           ██████████████           ██████████████           ███▃████▁█▇██",
      " ████████████▃█           ██████████████           ██████████████           █████████████▇",
      " ██████████████           ██████████████           ██████████████           ██████████████",
      " ██████████████           ██████████████           ██████████████           ██████████████",
      " ██████████████           ██████████████           ██████████████           ██████████████",
      " ██████████████           ██████████████           ██████████████           ██████████████",
      " 11-09    today           11-09    today           11-09    today           11-09    today",
      "",
      " Runs today by status                              Models by cost, 7 days",
      "▌completed ███████████████████████████ 201  87%    claude-sonnet-4-5 ██████████████ $ 6 510.00  75%",
      " failed    ███                          22  10%    \\u202egpt         ████▋          $ 2 128.86  25%",
      " running   █▏                            8   3%",
    ]
  `)
})

test("at 80x24 the last days stand beside the figures", async () => {
  const { body, see } = openDashboard(80, 19)
  await see("150.0 G")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Dashboard   today: since 00:00 UTC; this week: the last 7 days  as of 14:02:30",
      "",
      " Gateway        214/s  2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      ▆█▆▅▇▅█▆▅▇▅█▆▄",
      " Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          █▇▅█▇▅█▇▅█▇▅▄▆",
      " Organizations         85 004  +12 this week",
      " Tokens in            150.0 G  +1.2 G today        ██████████████",
      " Tokens out            75.1 G  +600.0 M today      ██████████████",
      " Cost            $ 450 112.20  +$ 1 204.12 today   █████████▇▇▇▇▇",
      "",
      " Runs today by status                    Models by cost, 7 days",
      "▌completed █████████████████ 201  87%    claude-sonnet-… ██████ $ 6 510.00  75%",
      " failed    █▉                 22  10%    \\u202egpt       ██     $ 2 128.86  25%",
      " running   ▋                   8   3%",
    ]
  `)
})

test("on the smallest terminal the figures come first, the rest is below", async () => {
  const { body, see, press } = openDashboard(60, 10)
  await see("150.0 G")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Dashboard   days are UTC, a week is 7 days  as of 14:02:30",
      " Gateway        214/s  2xx 91%  4xx 6%  5xx 1%",
      " Users              1 204 312  +937 this week",
      " Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today",
      " Organizations         85 004  +12 this week",
      " Tokens in            150.0 G  +1.2 G today",
      " Tokens out            75.1 G  +600.0 M today",
      " Cost            $ 450 112.20  +$ 1 204.12 today",
    ]
  `)
  press("G")
  await see("claude")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Cost            $ 450 112.20  +$ 1 204.12 today",
      "",
      " Runs today by status",
      " completed ███████████████████████████████████████ 201  87%",
      " failed    ████▎                                    22  10%",
      "▌running   █▌                                        8   3%",
      "",
      " Models by cost, 7 days",
      " claude-sonnet-4-5 ████████████████████████ $ 6 510.00  75%",
      " \\u202egpt         ███████▉                 $ 2 128.86  25%",
    ]
  `)
})

test("while the tables are counted, what is there already is shown", async () => {
  const { behaviour, line, body, see } = openDashboard(100, 14)
  behaviour.count = part => (part === "usage" ? pending() : undefined)
  await see("45 000 113")
  expect(body().slice(0, 12)).toMatchInlineSnapshot(`
    [
      " Dashboard   today: since 00:00 UTC; this week: the last 7 days             reading… as of 14:02:30",
      "",
      " Gateway        214/s ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          Organizations         85 004  +12 this week",
      " Tokens in                  -  counting…           Tokens out                 -  counting…",
      " Cost                       -  counting…",
      "",
      " Runs today by status                              Models by cost, 7 days",
      "▌completed ███████████████████████████ 201  87%",
      " failed    ███                          22  10%",
    ]
  `)
  expect(line("Cost")).toContain("counting…")
})

test("what is added to a count is marked, until all is counted again", async () => {
  const { behaviour, line, see, press, pass } = openDashboard()
  behaviour.tookMs = 2 * SECOND
  await see("45 000 113", "150.0 G")
  pass(10 * SECOND)
  press("ctrl-r")
  await see("~45 000 113", "~$ 450 112.20")
  expect(line("~ counted")).toMatchInlineSnapshot(`" ~ counted at 14:02:30, and what was added since   c counts again"`)
  behaviour.missing = 3n
  press("ctrl-r")
  await see("what was added since but 12 rows")
  await vi.waitFor(() => expect(line("Dashboard")).not.toContain("reading"))
  press("c")
  await vi.waitFor(() => expect(line("~ counted")).toBeUndefined())
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
      " Gateway        214/s ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          Organizations         85 004  +12 this week",
      " Tokens in           ~150.0 G  +1.2 G today        Tokens out           ~75.1 G  +600.0 M today",
      " Cost           ~$ 450 112.20  +$ 1 204.12 today",
      "",
    ]
  `)
})

test("what cannot be read is said in its place, with the age of what is still shown", async () => {
  const { behaviour, body, see, press, pass } = openDashboard(100, 16)
  behaviour.count = part => {
    if (part === "users") throw new DeckError("unavailable", "\u202eno")
  }
  await see("45 000 113", "150.0 G", "not read")
  const lost = new DeckError("unavailable", "PostgreSQL at db:5432 cannot be reached")
  behaviour.count = behaviour.newer = () => {
    throw lost
  }
  pass(3 * MINUTE)
  press("ctrl-r")
  await see(" ▲ PostgreSQL at db:5432 cannot")
  expect(body().slice(0, 10)).toMatchInlineSnapshot(`
    [
      " Dashboard   today: since 00:00 UTC; this week: the last 7 days              as of 14:02:30, 3m ago",
      " ▲ PostgreSQL at db:5432 cannot be reached",
      "",
      " Gateway        214/s ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users                      -  ▲ not read          Active, 30d                -  ▲ not read",
      " Runs              45 000 113  ▲ 3m old            Organizations         85 004  ▲ 3m old",
      " Tokens in            150.0 G  ▲ 3m old            Tokens out            75.1 G  ▲ 3m old",
      " Cost            $ 450 112.20  ▲ 3m old",
      "",
    ]
  `)
})

test("a platform that does not record when people sign in is told from one where nobody does", async () => {
  const { totals } = COUNTED.users
  onTestFinished(() => void Object.assign(COUNTED.users, { totals }))
  COUNTED.users.totals = { count: 12n }
  const { see } = openDashboard()
  await see(" Active, 30d  ", " not recorded by this platform")
})

test("it is read every 30 s while it is in sight, and not while another screen is on top", async () => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setInterval", "clearInterval"] })
  const { behaviour, see, leave } = openDashboard()
  await see("150.0 G")
  await vi.advanceTimersByTimeAsync(30 * SECOND)
  await vi.waitFor(() => expect(behaviour.readings).toBe(8))
  leave()
  await vi.advanceTimersByTimeAsync(5 * MINUTE)
  expect(behaviour.readings).toBe(8)
})

test("a status leads to the runs that have it, and back to the same place", async () => {
  const { behaviour, see, press } = openDashboard()
  await see("▌completed")
  press("j", "enter")
  await see("Nothing matches failed")
  expect(behaviour.runsOf).toBe("failed")
  press("esc")
  await see("▌failed")
})

test("counting everything again says so, also while the figures are being read", async () => {
  const { behaviour, see, press, gone } = openDashboard()
  behaviour.newer = part => (part === "users" ? pending() : undefined)
  await see("reading…")
  let count = () => {}
  behaviour.newer = () => {}
  behaviour.count = () => new Promise(resolve => (count = resolve))
  press("c")
  await see("counting again…")
  behaviour.count = () => {}
  count()
  await gone("counting again…")
  await see("1 204 312")
})
