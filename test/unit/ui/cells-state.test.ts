import { describe, expect, test } from "vitest"
import { type GatewayConfig, gatewayUpdate } from "../../../src/domain/gateway.ts"
import { fieldText } from "../../../src/ui/keys/text-field.ts"
import {
  type Cells,
  type CellsAction,
  cellsReducer,
  cursorOf,
  initialCells,
  isOvertaken,
  stopsOf,
} from "../../../src/ui/kit/form/cells-state.ts"
import { changedFields, filledIn, following, mistakesIn, patchOf } from "../../../src/ui/kit/form/draft-state.ts"

const database: GatewayConfig = {
  ip_mode: "proxy",
  trusted_cidrs: ["10.0.0.0/8", "2001:db8::/32"],
  risk_reject_threshold: 0.8,
  rate_limit_capacity: 600,
  rate_limit_per_minute: 300,
}
const THRESHOLD = { name: "risk_reject_threshold" }
const ADD = { name: "trusted_cidrs" }
const line = (line: number) => ({ name: "trusted_cidrs", line })

const FIELDS = ["ip_mode", "trusted_cidrs", "risk_reject_threshold"]

/** Cells over a record, what of which cannot be read. */
const begun = (record = database, unreadable: readonly string[] = []): Cells =>
  following(initialCells(gatewayUpdate, FIELDS, record, THRESHOLD.name), record, unreadable)
const reduced = (actions: readonly CellsAction[], state = begun()) => actions.reduce(cellsReducer, state)
const proposed = (...actions: CellsAction[]) => patchOf(reduced(actions))
const go = ({ name, line }: { name: string; line?: number }): CellsAction => ({ type: "go", to: name, line })
const typed = (at: { name: string; line?: number }, text: string): CellsAction[] => [
  go(at),
  { type: "type" },
  { type: "edit", change: () => fieldText(text) },
]
const taken = (at: { name: string; line?: number }, text: string): CellsAction[] => [
  ...typed(at, text),
  { type: "take" },
]
const turn: CellsAction = { type: "turn", by: 1 }
const next: CellsAction[] = [go({ name: "ip_mode" }), turn]
const overtaken = (state: Cells) =>
  changedFields(state)
    .filter(field => isOvertaken(state, field))
    .map(({ name }) => name)

describe("what is saved", () => {
  test("is nothing at first, and nothing when everything is as it was", () => {
    expect(proposed()).toEqual({})
    expect(proposed(...next, turn, turn)).toEqual({})
    expect(proposed(...taken(THRESHOLD, ".80"))).toEqual({})
    expect(proposed(...taken(ADD, "::/0"), go(line(2)), { type: "remove" })).toEqual({})
  })

  test("is the changed fields alone, with what was seen in them", () => {
    const state = reduced([...next, ...taken(THRESHOLD, "0.7")])
    expect(patchOf(state)).toEqual({ ip_mode: "cdn", risk_reject_threshold: 0.7 })
    expect(state.seen).toEqual({ ip_mode: "proxy", risk_reject_threshold: 0.8 })
  })

  test("may be what the record is read as, where that is not all of it", () => {
    const finer = begun({ ...database, risk_reject_threshold: 0.804 })
    expect(changedFields(finer)).toEqual([])
    expect(patchOf(reduced(taken(THRESHOLD, "0.80"), finer))).toEqual({ risk_reject_threshold: 0.8 })
    expect(patchOf(reduced([{ type: "set", name: THRESHOLD.name, value: 0.8 }], finer))).toEqual({
      risk_reject_threshold: 0.8,
    })
  })

  test("is nothing any more once it is dropped", () => {
    expect(proposed(...next, ...taken(line(0), "::/0"), { type: "drop" })).toEqual({})
    expect(reduced([...taken(line(0), "::/0"), { type: "drop" }]).seen).toEqual({})
  })

  test("may be what stands for a field that cannot be read", () => {
    const garbled = begun(database, ["ip_mode", "risk_reject_threshold"])
    expect(changedFields(garbled)).toEqual([])
    const state = reduced([...next, turn, turn, ...taken(THRESHOLD, "0.80")], garbled)
    expect(patchOf(state)).toEqual({ ip_mode: "proxy", risk_reject_threshold: 0.8 })
  })
})

describe("a list", () => {
  test("is added to, edited and shortened", () => {
    expect(proposed(...taken(ADD, " 172.16.0.0/12 "))).toEqual({
      trusted_cidrs: [...database.trusted_cidrs, "172.16.0.0/12"],
    })
    expect(proposed(...taken(line(0), "10.1.0.0/16"))).toEqual({ trusted_cidrs: ["10.1.0.0/16", "2001:db8::/32"] })
    expect(proposed(go(line(0)), { type: "remove" })).toEqual({ trusted_cidrs: ["2001:db8::/32"] })
    const all: CellsAction[] = [go(line(0)), { type: "remove" }, { type: "remove" }, { type: "remove" }]
    expect(proposed(...all)).toEqual({ trusted_cidrs: [] })
  })

  test("takes several values that are pasted into one line", () => {
    const { trusted_cidrs } = proposed(...taken(ADD, "172.16.0.0/12, 192.168.0.0/16 ::1/128")) as Partial<GatewayConfig>
    expect(trusted_cidrs?.slice(2)).toEqual(["172.16.0.0/12", "192.168.0.0/16", "::1/128"])
  })

  test("has no empty line: one that is emptied is off it, one that stays empty never was", () => {
    expect(proposed(...taken(line(1), " "))).toEqual({ trusted_cidrs: ["10.0.0.0/8"] })
    expect(proposed(...taken(ADD, ""))).toEqual({})
  })

  test("goes on to the next value after one was added", () => {
    expect(cursorOf(reduced(taken(ADD, "::1/128")))).toEqual(ADD)
    expect(cursorOf(reduced(taken(line(0), "::1/128")))).toEqual(line(0))
  })
})

describe("typing", () => {
  test("stands in the draft at once, and is given up whole", () => {
    const state = reduced([...next, ...typed(THRESHOLD, "0.7")])
    expect(filledIn(state).risk_reject_threshold).toBe("0.7")
    const undone = reduced([{ type: "undo" }], state)
    expect(patchOf(undone)).toEqual({ ip_mode: "cdn" })
    expect(undone.typing).toBeUndefined()
    expect(proposed(...typed(ADD, "1"), { type: "undo" })).toEqual({})
  })

  test("is taken by moving on", () => {
    const state = reduced([...typed(line(0), "10.1.0.0/16"), { type: "move", by: 1 }])
    expect(cursorOf(state)).toEqual(line(1))
    expect(state.typing).toBeUndefined()
    expect(patchOf(state).trusted_cidrs).toEqual(["10.1.0.0/16", "2001:db8::/32"])
  })

  test("stays in its line when the list in the record changes meanwhile", () => {
    const fewer = { ...database, trusted_cidrs: [] }
    const state = following(reduced([go(line(1)), { type: "type" }]), fewer, [])
    const after = reduced([{ type: "edit", change: () => fieldText("::/16") }, { type: "take" }], state)
    expect(filledIn(after).trusted_cidrs).toEqual(["10.0.0.0/8", "::/16"])
    expect(overtaken(after)).toEqual(["trusted_cidrs"])
  })
})

describe("the cursor", () => {
  test("begins where it is to, goes through everything and stays at the ends", () => {
    expect(cursorOf(begun())).toEqual(THRESHOLD)
    expect(stopsOf(begun())).toEqual([{ name: "ip_mode" }, line(0), line(1), ADD, THRESHOLD])
    expect(cursorOf(reduced([{ type: "move", by: -9 }]))).toEqual({ name: "ip_mode" })
    expect(cursorOf(reduced([{ type: "move", by: 9 }]))).toEqual(THRESHOLD)
    expect(cursorOf(reduced([{ type: "move", by: Number.NEGATIVE_INFINITY }]))).toEqual({ name: "ip_mode" })
  })

  test("is where a line is added when its own is gone", () => {
    expect(cursorOf(reduced([go(line(1)), { type: "remove" }]))).toEqual(ADD)
  })
})

describe("a mistake", () => {
  test("is found where it is, the first of them first", () => {
    const both = reduced([...taken(THRESHOLD, "1.5"), ...taken(line(1), "10.0.0.0")])
    const mistakes = mistakesIn(both)
    expect([...mistakes]).toEqual([
      ["trusted_cidrs", expect.stringMatching(/^line 2 must be a CIDR block/)],
      ["risk_reject_threshold", "must be 0 to 1"],
    ])
    expect(cursorOf(reduced([{ type: "refuse", errors: mistakes }], both))).toEqual(line(1))
    const threshold = reduced(taken(THRESHOLD, "0.705"))
    expect([...mistakesIn(threshold)]).toEqual([["risk_reject_threshold", "must have at most two decimals"]])
    expect([...mistakesIn(reduced(taken(THRESHOLD, ""))).keys()]).toEqual(["risk_reject_threshold"])
  })

  test("that was there before keeps nobody from saving something else", () => {
    const broken = begun({ ...database, trusted_cidrs: ["foo"] })
    expect(mistakesIn(reduced(next, broken)).size).toBe(0)
  })
})

describe("what others save meanwhile", () => {
  const theirs: GatewayConfig = { ...database, ip_mode: "direct", risk_reject_threshold: 0.5 }

  test("is seen where nothing is filled in, and noticed where something is", () => {
    const state = following(reduced(next), theirs, [])
    expect(filledIn(state)).toMatchObject({ ip_mode: "cdn", risk_reject_threshold: "0.50" })
    expect(overtaken(state)).toEqual(["ip_mode"])
    expect(state.seen).toEqual({ ip_mode: "proxy" })
  })

  test("is taken over field by field; what is kept was filled in in sight of it", () => {
    const state = following(reduced([...next, ...taken(THRESHOLD, "0.7")]), theirs, [])
    const conflicts = [
      { field: "ip_mode", was: "proxy", theirs: "direct", yours: "cdn" },
      { field: "risk_reject_threshold", was: 0.8, theirs: 0.5, yours: 0.7 },
    ]
    const resolved = reduced([{ type: "resolve", conflicts, taken: new Set(["ip_mode"]) }], state)
    expect(patchOf(resolved)).toEqual({ risk_reject_threshold: 0.7 })
    expect(resolved.seen).toEqual({ risk_reject_threshold: 0.5 })
    expect(filledIn(resolved).ip_mode).toBe("direct")
  })
})
