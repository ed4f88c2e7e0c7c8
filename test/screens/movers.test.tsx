import { cleanup } from "ink-testing-library"
import { afterEach, expect, test } from "vitest"
import { snapshot } from "../support/log-screen.tsx"
import { ATTACKER, BESIDE, dimension, INSTEAD, MOVERS, mover, openMovers } from "../support/movers-screen.ts"
import { until } from "../support/waiting.ts"

afterEach(cleanup)

test("beside the log: who sends most, and how that changed", async () => {
  const { panel, lines, watched } = await openMovers()
  expect(panel()).toMatchInlineSnapshot(`
    [
      " movers 5m  by rate ▾                                 Tab",
      " IP  3 of 1 204+           req/s  4xx  5xx   p95 vs before",
      " 203.0.113.7                  41  92%   0%   3ms     new ▲",
      " 198.51.100.24                12   0%   4%  42ms      +20%",
      " 2001:db8:85a3::8a2e:370…   ~6.0   0%   0%  42ms         -",
      " NETWORK",
      " 203.0.113.0/24               44   0%   0%  42ms     11x ▲",
      " USER  1 of 12",
      " Alice Liddell               2.0   0%   0%  2.0s       +2%",
      " PATH",
      " /v1/threads/:id/runs         12  <1%  31%  42ms        0%",
      " STATUS",
      " 503                          12   0% 100%     -      -50%",
    ]
  `)
  expect(lines().find(line => line.includes("TIME"))).toMatch(/^ TIME .* PATH +│ movers 5m/)
  expect(watched).toEqual([{ minutes: 5, sort: "rate", rows: 10 }])
})

test("in the place of the rows where there is no room beside them, from m until Esc", async () => {
  const { keys, see, lines, watched } = await openMovers(INSTEAD)
  expect(watched).toEqual([null])
  expect(lines().join()).not.toContain("movers")
  keys.press("m")
  await see("movers 5m")
  expect(lines().slice(-13)).toMatchInlineSnapshot(`
    [
      "▌movers 5m  by rate ▾                                                   Tab log",
      " IP  3 of 1 204+                           req/s share  4xx  5xx   p95 vs before",
      "▌203.0.113.7                                  41   19%  92%   0%   3ms     new ▲",
      " 198.51.100.24                                12    6%   0%   4%  42ms      +20%",
      " 2001:db8:85a3::8a2e:370:7334               ~6.0    6%   0%   0%  42ms         -",
      " NETWORK",
      " 203.0.113.0/24                               44    6%   0%   0%  42ms     11x ▲",
      " USER  1 of 12",
      " Alice Liddell                               2.0    6%   0%   0%  2.0s       +2%",
      " PATH",
      " /v1/threads/:id/runs                         12    6%  <1%  31%  42ms        0%",
      " STATUS",
      " 503                                          12    6%   0% 100%     -      -50%",
    ]
  `)
  keys.press("esc")
  await see("TIME")
  expect(lines().join()).not.toContain("movers")
  await until(() => watched.length === 3)
  expect(watched).toEqual([null, { minutes: 5, sort: "rate", rows: 10 }, null])
})

test("m goes to it and then hides it, and Tab brings it back with the keyboard, which the log's row then has no longer", async () => {
  const { keys, see, lines } = await openMovers()
  keys.press("m")
  await see("▌movers")
  keys.press("m")
  await until(() => !lines().join().includes("movers"))
  keys.press("tab")
  await see("▌movers")
  expect(lines().filter(line => line.includes("│▌"))).toHaveLength(2)
  keys.press("tab")
  await see("│ movers")
})

type Menu = { readonly at: number; readonly items: readonly { readonly text: string; take(): void }[] }

/** Opens the menu of orders, and takes one of them. */
function chooseOrder({ keys, pushed }: Pick<Awaited<ReturnType<typeof openMovers>>, "keys" | "pushed">, text: string) {
  keys.press("s")
  const menu = pushed.at(-1)?.params as Menu
  menu.items.find(item => item.text === text)?.take()
  return menu
}

test("the number that they are ordered by is in sight, and ~ turns the order around", async () => {
  const seldom = mover("198.51.100.9", { perSecond: 1 / 300, count: 1, refused: 1 })
  const dimensions = [dimension("ip", [ATTACKER, seldom])]
  const { keys, see, panel, watched, pushed } = await openMovers(BESIDE, { ...MOVERS, dimensions })
  expect(panel()[3]).toMatch(/^ 198\.51\.100\.9 +1 req/)
  chooseOrder({ keys, pushed }, "▾ most refusals (4xx)")
  await see("4xx/s")
  expect(panel()[2]).toMatch(/^ 203\.0\.113\.7 +38 +92%/)
  expect(panel()[3]).toMatch(/^ 198\.51\.100\.9 +1 req/)
  keys.press("~")
  await see("by 4xx ▴")
  await until(() => watched.at(-1)?.reversed === true)
  chooseOrder({ keys, pushed }, "▴ fewest failures (5xx)")
  await see("by 5xx ▴")
  await see("5xx/s")
  expect(chooseOrder({ keys, pushed }, "▾ largest change").at).toBe(7)
  await see("+-/s")
  expect(panel()[2]).toMatch(/^ 203\.0\.113\.7 +\+41/)
})

test("s and p ask for another order and another window", async () => {
  const { keys, see, watched, pushed } = await openMovers()
  keys.press("tab")
  await see("▌movers")
  chooseOrder({ keys, pushed }, "▾ most refusals (4xx)")
  await see("movers 5m  by 4xx")
  keys.press("p")
  await see("movers 15m  by 4xx")
  await until(() => watched.at(-1)?.minutes === 15)
  expect(watched.at(-1)).toEqual({ minutes: 15, sort: "refused", rows: 10 })
})

test("s and p do the same from the log while the panel stands beside it, and nothing where it does not", async () => {
  const { keys, see, watched, pushed } = await openMovers()
  chooseOrder({ keys, pushed }, "▾ most refusals (4xx)")
  await see(" movers 5m  by 4xx")
  keys.press("p")
  await see(" movers 15m  by 4xx")
  await until(() => watched.at(-1)?.minutes === 15)
  const { keys: narrow } = await openMovers(INSTEAD)
  expect([narrow.press("s").kind, narrow.press("p").kind]).toEqual(["nothing", "nothing"])
})

test("f gives the selected row's dimension the panel, up to 100 of it; Esc folds it, then goes to the log", async () => {
  const addresses = Array.from({ length: 100 }, (_, n) => mover(`10.0.0.${n}`))
  const [ip, ...others] = MOVERS.dimensions
  const many = { ...MOVERS, dimensions: [{ ...ip!, movers: addresses }, ...others] }
  const { keys, see, panel, watched } = await openMovers(BESIDE, many)
  keys.press("tab")
  await see("▌movers")
  expect(panel()[1]).toContain("IP  7 of 1 204+")
  keys.press("v")
  await see("IP  100 of 1 204+")
  expect(panel().join()).not.toContain("NETWORK")
  await until(() => watched.at(-1)?.only === "ip")
  expect(watched.at(-1)).toEqual({ minutes: 5, sort: "rate", rows: 100, only: "ip" })
  keys.press("G")
  await see("▌10.0.0.99 ")
  expect(panel()[1]).toContain("IP  100 of 1 204+")
  keys.press("esc")
  await see("NETWORK")
  expect(panel()[0]).toContain("▌movers")
  await until(() => watched.at(-1)?.only === undefined)
  keys.press("v")
  await see("IP  100 of 1 204+")
  keys.press("v")
  await see("NETWORK")
  keys.press("esc")
  await see("│ movers")
})

test("f folds a dimension again that has nobody any more, and says that it has none", async () => {
  const { keys, see, snapshots } = await openMovers()
  keys.press("tab")
  await see("▌movers")
  keys.press("v")
  await see("▌203.0.113.7 ")
  snapshots.set(snapshot({ movers: { ...MOVERS, dimensions: [dimension("ip", [])] } }))
  await see("no IP in this time")
  keys.press("v")
  await see("no requests in this time")
})

test("it says what it does not know yet: nothing counted, a part of the window, nobody there", async () => {
  const { panel, snapshots, see } = await openMovers(BESIDE, null)
  expect(panel().slice(0, 2).join("\n")).toMatch(/movers 5m .*\n counting…$/)
  snapshots.set(snapshot({ movers: { ...MOVERS, seenSeconds: 42 } }))
  await see("42s seen")
  snapshots.set(snapshot({ movers: { ...MOVERS, dimensions: [] } }))
  await see("no requests in this time")
})

test("however low the panel is, no heading stands at its end without a row below it", async () => {
  for (let rows = 9; rows <= 16; rows++) {
    const { keys, see, lines } = await openMovers([80, rows])
    keys.press("m")
    await see("▌movers")
    expect(
      lines()
        .filter(line => line !== "")
        .at(-1),
    ).not.toMatch(/^ (IP|NETWORK|USER|PATH|COUNTRY|STATUS)\b/)
    cleanup()
  }
})
