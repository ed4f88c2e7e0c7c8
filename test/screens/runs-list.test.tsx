import { expect, test } from "vitest"
import type { Total } from "../../src/services/total.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { run } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

const FAILED = { ...run({ status: "failed" }), error_class: "provider.rate_limited" }

/** The list of one failed run, of `total` in all, and what it asked for. */
function openRuns({ columns = 100, total = undefined as Total | undefined, found = [FAILED] as object[] } = {}) {
  const asked: Record<string, unknown>[] = []
  const answer = async (_: unknown, input: Record<string, unknown>) => {
    asked.push(input)
    return { data: found, next_cursor: null }
  }
  const deck = { run: answer as never, ...(total && { total }) }
  return { ...openConsole([runsScreen], deck, { columns, rows: 24 }), asked }
}

const SUMS = { total_input_tokens: "13000000", total_output_tokens: "700000", total_cost_usd: "30.41200001" }

test("what is listed is summed up on the list's line; for too much of it, that is said", async () => {
  const { see } = openRuns({ total: { rows: 904, isExact: true, sums: SUMS } })
  await see("1 shown · $ 30.41 · 13.7 M tokens")
  const { see: seeLarge } = openRuns({ total: { rows: 2_000_000, isExact: false } })
  await seeLarge("1 shown · too many to sum up")
})

test("sorted by cost it says that it shows a day, unless the filter has a period", async () => {
  const { see, press, gone, asked } = openRuns({ columns: 80, total: { rows: 904, isExact: true, sums: SUMS } })
  await see("of any status · 1 shown")
  await press("s")
  await see("COST $        ▼ highest first, of the last day")
  await press(...Array(6).fill("j"), "enter")
  await see("COST $ ▼", "only the last day · 1 shown · $ 30.41 · 13.7 M tokens")
  expect(asked.at(-1)).toMatchObject({ sort: "-total_cost_usd" })
  await press("/")
  await press(..."since:7d")
  await press("enter")
  await see("/ since:7d", "COST $ ▼")
  await gone("only the last day")
  await press("s")
  await see("COST $        ▼ highest first  ")
})

test("sorted by tokens with nothing in the last day, it says how to look further back", async () => {
  const { see, press } = openRuns({ found: [] })
  await see("Nothing here yet.")
  await press("s", ...Array(10).fill("j"), "enter")
  await see("by total tokens ▼   only the last day", "Nothing within the last day", "/ since:7d looks further back.")
})

test("where there is room the status has the class of error, and + holds the list to it", async () => {
  const { see, press, asked } = openRuns({ columns: 160 })
  await see("failed provider.rate_limited")
  await press("+")
  await see("error provider.rate_limited", "model routed")
  await press("j", "j", "j", "enter")
  await see("/ error:provider.rate_limited")
  await until(() => asked.at(-1)?.filter === "error:provider.rate_limited")
})

test("X on a run that has ended says so at once; on one that runs it asks first", async () => {
  const { see, press } = openRuns()
  await see("1 shown")
  await press("X")
  await see("it has ended")
})
