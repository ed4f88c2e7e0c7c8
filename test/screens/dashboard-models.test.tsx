import { cleanup } from "ink-testing-library"
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest"
import type { DaySums } from "../../src/domain/dashboard.ts"
import { COUNTED, NOW, openDashboard } from "../support/dashboard-screen.ts"
import { eventually } from "../support/waiting.ts"

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date"] }))
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const MODELS = ["深度思考-模型-特别长的名字", "\x1b[31mred\x1b[m\x1b]0;title\x07", "claude", "b", "c", "d", "e"]

test("where there is no room for charts, the last days stand beside each figure, unless that is too much", async () => {
  const figures = async (rows: number) => {
    const { body, see } = openDashboard(100, rows)
    await see("150.0 G", "as of")
    const drawn = body().filter(line => /Users|Active|Tokens in/.test(line))
    cleanup()
    return drawn
  }
  expect(await figures(15)).toEqual([
    " Users              1 204 312  +937 this week      Active, 30d          380 112  32% of users",
    " Tokens in            150.0 G  +1.2 G today        Tokens out            75.1 G  +600.0 M today",
  ])
  expect(await figures(16)).toEqual([
    " Users              1 204 312  +937 this week      ▆█▆▅▇▅█▆▅▇▅█▆▄",
    " Active, 30d          380 112  32% of users",
    " Tokens in            150.0 G  +1.2 G today        ██████████████",
  ])
})

test("models of any name stand in their columns, also where only some of their rows are in sight", async () => {
  const { days } = COUNTED.usage
  onTestFinished(() => void Object.assign(COUNTED.usage, { days }))
  COUNTED.usage.days = MODELS.map((key, i) => ({ ...(days[0] as DaySums), key, cost: BigInt(10 - i) * 1_000_000_000n }))
  const end = async (columns: number, rows: number) => {
    const { body, see, press, leave } = openDashboard(columns, rows)
    await see("150.0 G")
    press("G")
    await see("2 others")
    const lines = body().slice(-7)
    leave()
    return lines
  }
  expect(await end(100, 14)).toMatchInlineSnapshot(`
    [
      " Runs today by status                              Models by cost, 7 days",
      " completed ███████████████████████▌    201  87%    深度思考-模型-特别长的名字  █▎     $ 100.00  20%",
      " failed    ██▋                          22  10%    \\x1b[31mred\\x1b[m\\x1b]0;ti… █▏      $ 90.00  18%",
      "▌running   ▉                             8   3%    claude                      █       $ 80.00  16%",
      "                                                   b                           ▉       $ 70.00  14%",
      "                                                   c                           ▊       $ 60.00  12%",
      "                                                   2 others                    █▏      $ 90.00  18%",
    ]
  `)
  expect(await end(80, 19)).toMatchInlineSnapshot(`
    [
      " Runs today by status                    Models by cost, 7 days",
      " completed ██████████████▊   201  87%    深度思考-模型-特… █▎     $ 100.00  20%",
      " failed    █▋                 22  10%    \\x1b[31mred\\x1b[… █▏      $ 90.00  18%",
      "▌running   ▋                   8   3%    claude            █       $ 80.00  16%",
      "                                         b                 ▉       $ 70.00  14%",
      "                                         c                 ▊       $ 60.00  12%",
      "                                         2 others          █▏      $ 90.00  18%",
    ]
  `)
  const { body, frame, gone, press } = openDashboard(60, 4)
  await eventually(() => {
    press("G")
    expect(frame()).toContain("2 others")
  })
  expect(body()).toMatchInlineSnapshot(`
    [
      " claude                            █▋          $ 80.00  16%",
      " b                                 █▍          $ 70.00  14%",
      " c                                 █▎          $ 60.00  12%",
      " 2 others                          █▉          $ 90.00  18%",
    ]
  `)
  press("\x15")
  await gone("2 others")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Models by cost, 7 days",
      " 深度思考-模型-特别长的名字        ██         $ 100.00  20%",
      " \\x1b[31mred\\x1b[m\\x1b]0;title\\x07 █▉          $ 90.00  18%",
      " claude                            █▋          $ 80.00  16%",
    ]
  `)
})
