import { describe, expect, test } from "vitest"
import { codeColumns } from "../../../src/ui/screens/codes/code-columns.ts"
import { referralColumns } from "../../../src/ui/screens/referrals/referrals-list.ts"
import { treeColumns } from "../../../src/ui/screens/referrals/tree-columns.ts"
import { auditColumns } from "../../../src/ui/screens/shared/audit-columns.ts"
import { inviteColumns } from "../../../src/ui/screens/shared/invite-columns.ts"
import { logColumns } from "../../../src/ui/screens/shared/log-columns.ts"
import { browsedRunColumns, runColumns } from "../../../src/ui/screens/shared/run-columns.ts"
import { userColumns } from "../../../src/ui/screens/users/user-columns.ts"
import { type Column, layOut } from "../../../src/ui/widgets/table.tsx"

const TABLES: Readonly<Record<string, readonly Column<never>[]>> = {
  log: logColumns,
  users: userColumns,
  runs: browsedRunColumns,
  "runs of one": runColumns,
  invites: inviteColumns,
  referrals: referralColumns,
  tree: treeColumns,
  codes: codeColumns,
  audit: auditColumns,
}

const SIZES = Array.from({ length: 181 }, (_, index) => 60 + index)

const widthsAt = (columns: readonly Column<never>[], size: number) =>
  new Map(layOut(columns, size).columns.map(([{ header }, width]) => [header.trim(), width]))

describe.each(Object.entries(TABLES))("the columns of %s", (_, columns) => {
  test("are never narrower on a wider terminal, and never beyond its edge", () => {
    for (const size of SIZES) {
      const [here, wider] = [widthsAt(columns, size), widthsAt(columns, size + 1)]
      for (const [name, width] of here) expect([name, size, wider.get(name) ?? 0]).toEqual([name, size, atLeast(width)])
      expect([size, Math.max(size, sum(here))]).toEqual([size, size])
    }
  })

  test("leave no more blank than the next column would take", () => {
    for (const size of SIZES) {
      const here = widthsAt(columns, size)
      const missing = columns.filter(({ header }) => !here.has(header.trim()))
      const next = missing.length === 0 ? 0 : Math.min(...missing.map(({ dropAs = 0 }) => dropAs))
      const { least, width } = missing.find(({ dropAs }) => dropAs === next) ?? { least: 0, width: 0 }
      expect([size, size - sum(here)]).toEqual([size, atMost(least ?? (width === "rest" ? 12 : width))])
    }
  })
})

test("the log's path has room for its ends on every terminal, with methods, and on one of 80 columns users, beside it", () => {
  expect(SIZES.filter(size => (widthsAt(logColumns, size).get("PATH") ?? 0) < 18)).toEqual([])
  expect(widthsAt(logColumns, 80).get("PATH")).toBeGreaterThanOrEqual(20)
  expect(widthsAt(logColumns, 80).get("USER")).toBeGreaterThanOrEqual(10)
  expect(widthsAt(logColumns, 60).has("METHOD")).toBe(true)
})

const sum = (widths: ReadonlyMap<string, number>) => [...widths.values()].reduce((all, width) => all + width + 1, 0)
const atLeast = (least: number) => expect.toSatisfy((value: number) => value >= least, `at least ${least}`)
const atMost = (most: number) => expect.toSatisfy((value: number) => value <= most, `at most ${most}`)
