import { setTimeout as delay } from "node:timers/promises"
import fc from "fast-check"
import { expect } from "vitest"
import { Gateway, newStream, numbered } from "../support/access-log.ts"
import { Operations } from "../support/console.ts"
import { freshDatabase } from "../support/postgres.ts"
import { expectDrawnAsFresh } from "./support/fresh-drawing.ts"
import { scenario } from "./support/scenario.ts"
import { sized } from "./support/size.ts"
import { startTraffic } from "./support/traffic.ts"

const gateway = Gateway.forTests()
const operations = new Operations(freshDatabase(), gateway)

const STORM_MS = sized({ short: 5_000, full: 30_000 })
/** The storm lulls so often, for looking at what it left. */
const LULL_MS = 2_500
const SMALL = [
  [20, 5, "opsdeck needs 60x15…"],
  [1, 1, "…"],
] as const
/** Narrower than where figures that go on with time stand beside the log. */
const LULLS = [
  [149, 45],
  [100, 30],
  [60, 15],
  [140, 60],
  [80, 24],
] as const
const SEED = 8_020

scenario(
  {
    number: 20,
    title: "Sizes",
    load: `20x5, 1x1, and a storm of sizes from 1x1 to 300x100 for ${STORM_MS / 1_000} s at 200 entries/s, seed ${SEED}`,
    passes: "no crash; what is on the screen is what a fresh drawing shows",
    inSubset: true,
  },
  async measure => {
    const stream = newStream()
    await gateway.add(stream, numbered(200))
    const terminal = operations.open(stream, { columns: 100, rows: 30 })
    const { pid } = terminal.process
    await terminal.see("● live", "/n/199", "2 Dashboard")

    for (const [columns, rows, text] of SMALL) {
      terminal.resize(columns, rows)
      await terminal.wait(() => terminal.screen.trimEnd() === text, `not ${text}`)
      await expectDrawnAsFresh(terminal, pid)
    }

    let next = 200
    let resized = 0
    let compared = 0
    const sizes = fc.sample(
      fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 60 })),
      {
        seed: SEED,
        numRuns: 20_000,
      },
    )
    for (const began = performance.now(); performance.now() - began < STORM_MS; ) {
      const traffic = startTraffic(gateway, stream, next)
      for (const lull = performance.now() + LULL_MS; performance.now() < lull; resized++) {
        const [columns, rows, ms] = sizes[resized % sizes.length]!
        terminal.resize(columns, rows)
        await delay(ms)
      }
      const [columns, rows] = LULLS[compared % LULLS.length] as (typeof LULLS)[number]
      terminal.resize(columns, rows)
      next = await traffic.stop()
      // Above the keys: before, it may be what was meant for another size.
      await terminal.wait(() => terminal.row(rows - 2) === "─".repeat(columns), "not drawn for this size")
      await terminal.see("● live", `/n/${next - 1}`)
      await expectDrawnAsFresh(terminal, pid)
      compared++
    }
    measure("resized", resized, "times")
    measure("compared with a fresh drawing", compared + SMALL.length, "times", { atLeast: 2 + SMALL.length })
    terminal.press("q")
    expect(await terminal.exited).toMatchObject({ exitCode: 0 })
  },
)
