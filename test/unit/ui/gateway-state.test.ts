import { describe, expect, test } from "vitest"
import { fieldText } from "../../../src/ui/keys/text-field.ts"
import {
  changedFields,
  cursorOf,
  firstMistake,
  type GatewayAction,
  type GatewayState,
  gatewayReducer,
  initialGateway,
  type Loaded,
  overtakenFields,
  patchOf,
  proposalOf,
  type Stop,
  seenIn,
  stopsOf,
} from "../../../src/ui/screens/gateway/gateway-state.ts"

const database = {
  ip_mode: "proxy",
  trusted_cidrs: ["10.0.0.0/8", "2001:db8::/32"],
  risk_reject_threshold: 0.8,
} as const
const loaded: Loaded = { database: { ...database, trusted_cidrs: [...database.trusted_cidrs] }, garbled: [] }

const reduced = (actions: readonly GatewayAction[], state: GatewayState = initialGateway, now = loaded) =>
  actions.reduce(gatewayReducer(now), state)
const proposed = (...actions: GatewayAction[]) => patchOf(reduced(actions), loaded)
const typed = (at: Stop, text: string): GatewayAction[] => [
  { type: "go", to: at },
  { type: "type" },
  { type: "edit", change: () => fieldText(text) },
]
const taken = (at: Stop, text: string): GatewayAction[] => [...typed(at, text), { type: "take" }]
const next: GatewayAction = { type: "turn", by: 1 }

describe("what is saved", () => {
  test("is nothing at first, and nothing when everything is as it was", () => {
    expect(proposed()).toEqual({})
    expect(proposed(next, next, next)).toEqual({})
    expect(proposed(...taken("risk_reject_threshold", ".80"))).toEqual({})
    expect(proposed(...taken("add", "::/0"), { type: "go", to: 2 }, { type: "remove" })).toEqual({})
  })

  test("is the changed fields alone, with what was seen in them", () => {
    const state = reduced([next, ...taken("risk_reject_threshold", "0.7")])
    const patch = patchOf(state, loaded)
    expect(patch).toEqual({ ip_mode: "cdn", risk_reject_threshold: 0.7 })
    expect(seenIn(state, patch)).toEqual({ ip_mode: "proxy", risk_reject_threshold: 0.8 })
  })

  test("is nothing any more once it is dropped", () => {
    expect(proposed(next, ...taken(0, "::/0"), { type: "drop" })).toEqual({})
  })

  test("may be what stands for a field that cannot be read", () => {
    const garbled: Loaded = { ...loaded, garbled: ["ip_mode", "risk_reject_threshold"] }
    expect(changedFields(initialGateway, garbled)).toEqual([])
    const state = reduced([next, next, next, ...taken("risk_reject_threshold", "0.80")], initialGateway, garbled)
    expect(patchOf(state, garbled)).toEqual({ ip_mode: "proxy", risk_reject_threshold: 0.8 })
  })
})

describe("the list", () => {
  test("is added to, edited and shortened", () => {
    expect(proposed(...taken("add", " 172.16.0.0/12 "))).toEqual({
      trusted_cidrs: [...database.trusted_cidrs, "172.16.0.0/12"],
    })
    expect(proposed(...taken(0, "10.1.0.0/16"))).toEqual({ trusted_cidrs: ["10.1.0.0/16", "2001:db8::/32"] })
    expect(proposed({ type: "go", to: 0 }, { type: "remove" })).toEqual({ trusted_cidrs: ["2001:db8::/32"] })
    const all: GatewayAction[] = [{ type: "go", to: 0 }, { type: "remove" }, { type: "remove" }, { type: "remove" }]
    expect(proposed(...all)).toEqual({ trusted_cidrs: [] })
  })

  test("takes several blocks that are pasted into one line", () => {
    const { trusted_cidrs } = proposed(...taken("add", "172.16.0.0/12, 192.168.0.0/16 ::1/128"))
    expect(trusted_cidrs?.slice(2)).toEqual(["172.16.0.0/12", "192.168.0.0/16", "::1/128"])
  })

  test("has no empty line: one that is emptied is off it, one that stays empty never was", () => {
    expect(proposed(...taken(1, " "))).toEqual({ trusted_cidrs: ["10.0.0.0/8"] })
    expect(proposed(...taken("add", ""))).toEqual({})
  })

  test("goes on to the next block after one was added", () => {
    expect(reduced(taken("add", "::1/128")).cursor).toBe("add")
    expect(reduced(taken(0, "::1/128")).cursor).toBe(0)
  })
})

describe("typing", () => {
  test("stands in the proposal at once, and is given up whole", () => {
    const state = reduced([next, ...typed("risk_reject_threshold", "0.7")])
    expect(proposalOf(state, loaded).risk_reject_threshold).toBe("0.7")
    const undone = reduced([{ type: "undo" }], state)
    expect(patchOf(undone, loaded)).toEqual({ ip_mode: "cdn" })
    expect(undone.typing).toBeUndefined()
    expect(proposed(...typed("add", "1"), { type: "undo" })).toEqual({})
  })

  test("is taken by moving on", () => {
    const state = reduced([...typed(0, "10.1.0.0/16"), { type: "move", by: 1 }])
    expect(state).toMatchObject({ cursor: 1, typing: undefined })
    expect(patchOf(state, loaded).trusted_cidrs?.[0]).toBe("10.1.0.0/16")
  })

  test("stays in its line when the list in the database changes meanwhile", () => {
    const fewer: Loaded = { ...loaded, database: { ...loaded.database, trusted_cidrs: [] } }
    const state = reduced([{ type: "go", to: 1 }, { type: "type" }])
    const after = reduced([{ type: "edit", change: () => fieldText("::/16") }, { type: "take" }], state, fewer)
    expect(proposalOf(after, fewer).trusted_cidrs).toEqual(["10.0.0.0/8", "::/16"])
    expect(overtakenFields(after, fewer)).toEqual(["trusted_cidrs"])
  })
})

describe("the cursor", () => {
  test("begins at the threshold, goes through everything and stays at the ends", () => {
    expect(initialGateway.cursor).toBe("risk_reject_threshold")
    expect(stopsOf(initialGateway, loaded)).toEqual(["ip_mode", 0, 1, "add", "risk_reject_threshold"])
    expect(reduced([{ type: "move", by: -9 }]).cursor).toBe("ip_mode")
    expect(reduced([{ type: "move", by: 9 }]).cursor).toBe("risk_reject_threshold")
  })

  test("is where a block is added when its line is gone", () => {
    expect(cursorOf(reduced([{ type: "go", to: 1 }, { type: "remove" }]), loaded)).toBe("add")
  })
})

describe("a mistake", () => {
  test("is found where it is, the list's first", () => {
    const both = reduced([...taken("risk_reject_threshold", "1.5"), ...taken(1, "10.0.0.0")])
    expect(firstMistake(both, loaded)).toEqual({
      at: 1,
      mistake: expect.stringMatching(/^line 2 must be a CIDR block/),
    })
    const threshold = reduced(taken("risk_reject_threshold", "0.705"))
    expect(firstMistake(threshold, loaded)).toEqual({
      at: "risk_reject_threshold",
      mistake: "must have at most two decimals",
    })
    expect(firstMistake(reduced(taken("risk_reject_threshold", "")), loaded)?.at).toBe("risk_reject_threshold")
  })

  test("that was there before keeps nobody from saving something else", () => {
    const broken: Loaded = { ...loaded, database: { ...loaded.database, trusted_cidrs: ["foo"] } }
    expect(firstMistake(reduced([next], initialGateway, broken), broken)).toBeUndefined()
  })
})

describe("what others save meanwhile", () => {
  const theirs = { ...loaded.database, ip_mode: "direct", risk_reject_threshold: 0.5 } as const
  const later: Loaded = { ...loaded, database: theirs }

  test("is seen where nothing is proposed, and noticed where something is", () => {
    const state = reduced([next])
    expect(proposalOf(state, later)).toMatchObject({ ip_mode: "cdn", risk_reject_threshold: "0.50" })
    expect(overtakenFields(state, later)).toEqual(["ip_mode"])
    expect(seenIn(state, patchOf(state, later))).toEqual({ ip_mode: "proxy" })
  })

  test("is taken over field by field; what is kept was proposed in sight of it", () => {
    const state = reduced([next, ...taken("risk_reject_threshold", "0.7")])
    const conflicts = [
      { field: "ip_mode", was: "proxy", theirs: "direct", yours: "cdn" },
      { field: "risk_reject_threshold", was: 0.8, theirs: 0.5, yours: 0.7 },
    ]
    const resolved = reduced([{ type: "resolve", conflicts, taken: new Set(["ip_mode"]) }], state, later)
    expect(patchOf(resolved, later)).toEqual({ risk_reject_threshold: 0.7 })
    expect(seenIn(resolved, patchOf(resolved, later))).toEqual({ risk_reject_threshold: 0.5 })
    expect(proposalOf(resolved, later).ip_mode).toBe("direct")
  })
})
