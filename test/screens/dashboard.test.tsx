import { cleanup } from "ink-testing-library"
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import { ON, state } from "../support/alert-rules.ts"
import { COUNTED, MINUTE, NOW, openDashboard, pending } from "../support/dashboard-screen.ts"

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

test("everything, where there is room for charts", async () => {
  const { body, see } = openDashboard()
  await see("150.0 G", "as of")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Dashboard   today: since 00:00 UTC; this week: the last 7 days                      as of 14:02:30",
      "",
      "▌Gateway        214/s  in 1m ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          Organizations         85 004  +12 this week",
      " Tokens in            150.0 G  +1.2 G today        Tokens out            75.1 G  +600.0 M today",
      " Cost            $ 450 112.20  +$ 1 204.12 today",
      "",
      " Runs/day max 309         Tokens/day max 1.8 G     Cost/day max $ 1 334.12  New users/day max 184",
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
      " completed ███████████████████████▌    201  87%    claude-sonnet-4-5 ██████████▌    $ 6 510.00  75%",
      " failed    ██▋                          22  10%    \\u202egpt         ███▌           $ 2 128.86  25%",
      " running   ▉                             8   3%",
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
      "▌Gateway        214/s  in 1m  2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
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
      " completed ██████████████▊   201  87%    claude-sonnet-… ████▌  $ 6 510.00  75%",
      " failed    █▋                 22  10%    \\u202egpt       █▌     $ 2 128.86  25%",
      " running   ▋                   8   3%",
    ]
  `)
})

test("on the smallest terminal the figures come first, the rest is below", async () => {
  const { body, see, press } = openDashboard(60, 10)
  await see("150.0 G")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Dashboard   8 more below   days are UTC     as of 14:02:30",
      "▌Gateway        214/s  in 1m  2xx 91%  4xx 6%  5xx 1%",
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
      " completed █████████████████████████████████▉      201  87%",
      " failed    ███▊                                     22  10%",
      "▌running   █▍                                        8   3%",
      "",
      " Models by cost, 7 days",
      " claude-sonnet-4-5 ██████████████████▏      $ 6 510.00  75%",
      " \\u202egpt         █████▉                   $ 2 128.86  25%",
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
      "▌Gateway        214/s  in 1m ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
      "",
      " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
      " Runs              45 000 113  +231 today          Organizations         85 004  +12 this week",
      " Tokens in                  -  counting…           Tokens out                 -  counting…",
      " Cost                       -  counting…",
      "",
      " Runs today by status                              Models by cost, 7 days",
      " completed ███████████████████████▌    201  87%",
      " failed    ██▋                          22  10%",
    ]
  `)
  expect(line("Cost")).toContain("counting…")
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
      "▌Gateway        214/s  in 1m ▅██▅██▅██▅   2xx 91%  4xx 6%  5xx 1%   p50 42ms  p95 380ms",
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

test("b leads to what changed in the log: in the last minutes, or as the alert began that is on", async () => {
  const { see, gone, press, tell } = openDashboard()
  await see("150.0 G")
  press("b")
  await see("What changed", "/ no filter", "14:02:29 to 14:02:30")
  press("esc")
  await gone("What changed")
  tell(state("workers < 1", ON), state("error%(route) > 5", { since: NOW - 2 * MINUTE, of: "/v1/runs/:id" }))
  await see("b what changed")
  press("b")
  await see("/ route:/v1/runs/:id", "14:00:20 to 14:02:30")
})
