import { expect, test } from "vitest"
import { Decimal } from "../../src/domain/decimal.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { ALICE, answering, page } from "../support/record-screens.ts"
import { openConsole } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

const row = {
  ...{ user_id: ALICE, login: "alice", username: "Alice", runs: 1284n, failed: 3n, share: 0.75 },
  ...{ total_input_tokens: 900n, total_output_tokens: 100n, total_cost_usd: new Decimal("30.41200001") },
}
const nobody = { ...row, user_id: null, login: null, username: null, failed: 0n, share: 0.25 }

test("$ lists who costs most within a day that the filter names; Enter leads to their runs of that time", async () => {
  const deck = answering({ "runs users": { since: "", ...page([row, nobody]) }, "runs list": page([]) })
  const { see, press, lines, gone } = openConsole([runsScreen], deck)
  await see("Nothing here yet.")
  press("$")
  await see("Cost by user", "/ since:1d", "alice")
  expect(lines().slice(2, 5)).toMatchInlineSnapshot(`
    [
      " USER                                     COST $ ▼ SHARE     RUNS   FAILED     TOKENS IN         OUT",
      "▌alice            Alice                    30.4120   75%    1 284        3           900         100",
      " no user                                   30.4120   25%    1 284        0           900         100",
    ]
  `)
  press("x")
  await see("only the last day")
  press("enter")
  await see(`user:${ALICE} since:1d`)
  expect(deck.asked.at(-1)).toMatchObject({ words: "runs list", input: { filter: `user:${ALICE} since:1d` } })
  press("esc")
  await gone("Runs ")
  press("j", "enter")
  await see("these runs have no user to list them by")
  press("s")
  await see("FAILED", "▼ highest first, of the last day")
  press("G", "k", "enter")
  await until(() => deck.asked.some(({ words, input }) => words === "runs users" && input.sort === "-failed"))
})
