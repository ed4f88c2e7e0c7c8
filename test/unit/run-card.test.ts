import { expect, test } from "vitest"
import type { Output } from "../../src/cli/output.ts"
import { printAnswer } from "../../src/cli/print.ts"
import { readableRun, runCard } from "../../src/domain/inspected-run.ts"
import { run } from "../support/record-screens.ts"

/** What people are told of a run. */
async function printed(found: Parameters<typeof readableRun>[0]) {
  const texts: string[] = []
  const output: Output = { terminal: false, write: async text => void texts.push(text) }
  await printAnswer({ words: ["runs", "show"], answer: runCard }, readableRun(found), false, output)
  return texts.join("")
}

const sums = { total_input_tokens: 1n, total_output_tokens: 2n, total_cost_usd: null, credits_used: null }

test("the runs that a run started are a table below its card, and there is none without them", async () => {
  const text = await printed(run({ children: [run()], children_count: 1, total_aggregate: sums }))
  expect(text).toMatch(
    /\nCHILD_RUNS:\nRUN ID +STATUS +TOOK +COST +MODEL\n0de10000-\S+ +completed +2 s +\$0\.00706103 +routed\n$/,
  )
  expect(await printed(run())).not.toContain("CHILD")
})
