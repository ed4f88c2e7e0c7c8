import { describe, expect, test } from "vitest"
import type { BranchNode, OpenedTree } from "../../../src/domain/referral.ts"
import { linesTo } from "../../../src/ui/kit/tree/tree-row.ts"
import { furtherPages, initialTreeState, type TreeState, treeReducer } from "../../../src/ui/kit/tree/tree-state.ts"
import { type BranchReading, type ReferralRow, treeRows } from "../../../src/ui/screens/referrals/tree-rows.ts"

const node = (user_id: string, size = 1): BranchNode => ({
  user_id,
  login: user_id,
  username: user_id,
  status: "active",
  credited: true,
  invited_at: "2026-03-01T12:00:00Z",
  branch: { size, suspended: 0, deleted: 0, credited: size, cut: false },
})

/** A root that invited a (who invited c and d) and b (who invited e); `more` of what the root invited follows. */
const tree = (changes: Partial<OpenedTree> = {}): OpenedTree => ({
  root: node("root", 6),
  above: [],
  above_count: 0,
  above_cut: false,
  ring: [],
  ring_size: 0,
  inviter_user_id: null,
  children: { data: [node("a", 3), node("b", 2)], next_cursor: null },
  ...changes,
})
const read = (...data: BranchNode[]): BranchReading => ({
  begin: undefined,
  page: { data, next_cursor: null },
  failure: undefined,
})
const READ: Record<string, BranchReading> = { a: read(node("c"), node("d")), b: read(node("e")) }

const rowsOf = (
  opened: OpenedTree,
  state: TreeState,
  readings = READ,
  alsoOpen: readonly string[] = [],
): ReferralRow[] =>
  treeRows(opened, {
    isOpen: id => (state.choices.has(id) ? state.choices.get(id) !== "closed" : id === "root" || alsoOpen.includes(id)),
    readingsOf: id =>
      id === "root"
        ? [{ begin: undefined, page: opened.children, failure: undefined }]
        : readings[id]
          ? [readings[id]]
          : [],
  })
const keys = (rows: readonly ReferralRow[]) => rows.map(row => row.key)

/** Does these things one after the other, each on the rows as they are by then. */
function pressing(opened: OpenedTree, ...steps: ("in" | "out" | "turn" | number)[]) {
  return steps.reduce((state, step) => {
    const window = { rows: rowsOf(opened, state), height: 10, begin: "root" }
    return treeReducer(
      state,
      typeof step === "number" ? { type: "move", by: step, ...window } : { type: step, ...window },
    )
  }, initialTreeState)
}

describe("a tree", () => {
  test("opens a branch, goes into it, out of it again, and closes it", () => {
    const opened = tree()
    expect(keys(rowsOf(opened, initialTreeState))).toEqual(["root", "a", "b"])
    const open = pressing(opened, "in", "in")
    expect(keys(rowsOf(opened, open))).toEqual(["root", "a", "c", "d", "b"])
    expect(open.place.selected).toBe("a")
    const inside = pressing(opened, "in", "in", "in", 1)
    expect(inside.place.selected).toBe("d")
    const out = pressing(opened, "in", "in", "in", 1, "out")
    expect(out.place.selected).toBe("a")
    const closed = pressing(opened, "in", "in", "in", 1, "out", "out")
    expect(keys(rowsOf(opened, closed))).toEqual(["root", "a", "b"])
    expect(pressing(opened, "in", "in", "in", "out", "out", "out").place.selected).toBe("root")
  })

  test("keeps what was selected while a branch above it opens, and closes with one key", () => {
    const opened = tree()
    const state = pressing(opened, 1, "turn", 3)
    expect(state.place.selected).toBe("b")
    const settled = treeReducer(state, {
      type: "settle",
      rows: rowsOf(opened, { ...state, choices: new Map() }),
      height: 10,
      begin: "root",
    })
    expect(settled.place).toMatchObject({ selected: "b", cursor: 2 })
    expect(pressing(opened, 1, "turn", "turn").choices.get("a")).toBe("closed")
  })

  test("begins with whoever it was opened for, its root in sight where there is room", () => {
    const rows = rowsOf(tree(), initialTreeState)
    const begun = (height: number) => treeReducer(initialTreeState, { type: "settle", rows, height, begin: "b" })
    expect(begun(3).place).toMatchObject({ selected: "b", cursor: 2, top: 0 })
    expect(begun(2).place).toMatchObject({ selected: "b", cursor: 2, top: 1 })
    const settled = begun(3)
    expect(treeReducer(settled, { type: "settle", rows, height: 3, begin: "b" })).toBe(settled)
  })

  test("is never closed at its root, and a leaf neither opens nor closes", () => {
    expect(pressing(tree(), "turn", "out").choices.size).toBe(0)
    expect(pressing(tree(), 1, "turn", 1, "turn", "in").choices.size).toBe(1)
  })

  test("asks for one page after the other of somebody who invited many", () => {
    const opened = tree({ children: { data: [node("a", 3)], next_cursor: "second" } })
    expect(keys(rowsOf(opened, initialTreeState))).toEqual(["root", "a", "more root"])
    const state = pressing(opened, 2, "turn")
    expect(furtherPages(state, "root")).toEqual(["second"])
    expect(furtherPages(state, "a")).toEqual([])
  })

  test("asks again where somebody was invited meanwhile: nobody falls between two pages", () => {
    const page = (begin: string | undefined, next_cursor: string | null, ...ids: string[]): BranchReading => ({
      begin,
      page: { data: ids.map(id => node(id)), next_cursor },
      failure: undefined,
    })
    const read = (...readings: BranchReading[]) =>
      treeRows(tree(), { isOpen: () => true, readingsOf: id => (id === "root" ? readings : []) })
    const before = [page(undefined, "after b", "a", "b"), page("after b", null, "c")]
    expect(keys(read(...before))).toEqual(["root", "a", "b", "c"])
    const first = page(undefined, "after a", "new", "a")
    expect(keys(read(first, page("after b", null, "c")))).toEqual(["root", "new", "a", "more root"])
    const again = [first, page("after b", null, "c"), page("after a", "after b", "b")]
    expect(keys(read(...again))).toEqual(["root", "new", "a", "b", "c"])
  })

  test("says in a branch that it is being read, or why it was not", () => {
    const failure = { message: "lost" } as never
    const rows = (reading: Pick<BranchReading, "failure">) =>
      keys(rowsOf(tree(), pressing(tree(), 1, "turn"), { a: { begin: undefined, page: undefined, ...reading } }))
    expect(rows({ failure: undefined })).toEqual(["root", "a", "reading a", "b"])
    expect(rows({ failure })).toEqual(["root", "a", "failed a", "b"])
  })

  test("shows where a ring closes, below who closes it, and leads back to the root", () => {
    const opened = tree({ ring: [node("root"), node("b"), node("e")], ring_size: 3, inviter_user_id: "e" })
    const rows = rowsOf(opened, initialTreeState, READ, ["b", "e"])
    // The ring comes first, whomever else the root invited since.
    expect(keys(rows)).toEqual(["root", "b", "e", "back e", "a"])
    expect(rows.filter(({ content }) => content.kind === "account" && content.inRing).map(({ key }) => key)).toEqual([
      "root",
      "b",
      "e",
    ])
    const atBack = treeReducer(initialTreeState, { type: "turn", rows, height: 10, begin: "back e" })
    expect(atBack.place.selected).toBe("root")
  })

  test("without a ring of its own has no mark, even where it hangs below one", () => {
    const opened = tree({ ring: [node("x"), node("y")], ring_size: 2, inviter_user_id: "x" })
    expect(rowsOf(opened, initialTreeState).some(({ content }) => content.kind === "account" && content.inRing)).toBe(
      false,
    )
  })
})

test("the lines of a row keep the room of its name, however deep it stands", () => {
  const row = (depth: number) => ({ lasts: Array.from({ length: depth }, () => false) }) as unknown as ReferralRow
  expect(linesTo(row(3), 40)).toBe("│   │   ├ ")
  expect(linesTo(row(5_000), 40)).toBe("…4996 │   │   │   ├ ")
})
