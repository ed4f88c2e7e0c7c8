import { expect, test } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { GatewayInspection } from "../../src/domain/gateway.ts"
import { repairGateway, setGateway } from "../../src/services/gateway/gateway.ts"
import { preview } from "../support/fake-changes.ts"
import { copied, IN_SYNC, openGateway, SAVED, STANDING, threshold } from "../support/gateway-screen.ts"

test("drift is repaired with one key, after it was read what that does", async () => {
  const answers = [STANDING, IN_SYNC]
  const { see, press, change } = openGateway({
    inspect: async () => (answers.length > 1 ? answers.shift() : answers[0]) as GatewayInspection,
    preview: async () => preview({ title: "Repair the gateway's copy" }),
  })
  await see("0.75 ▲ drift", "F repairs the gateway's copy")
  press("F")
  await see("Repair the gateway's copy on PROD-EU", "What happens")
  press("tab", "tab", "enter")
  await see("in sync")
  expect(change).toHaveBeenCalledWith(repairGateway, {}, { seen: {} })
})

test("only what is changed is saved, with what was seen", async () => {
  const { see, gone, press, change } = openGateway()
  await see("9 812 requests")
  press(...threshold("0.70"))
  await see("At 0.70, of")
  press("ctrl-s")
  await see("What happens", "Save", "· At 0.70, of 9 812 requests still held")
  press("bots", "tab", "tab", "enter")
  await see("✓ reject at risk")
  expect(change).toHaveBeenCalledWith(
    setGateway,
    { risk_reject_threshold: 0.7, reason: "bots" },
    { seen: { risk_reject_threshold: 0.8 } },
  )
  await gone("not saved yet")
})

test("what is saved and not in force yet is said before all else, until R has written it", async () => {
  const trouble = "Redis (gateway) cannot be reached"
  const state = { trouble: null as string | null }
  const { see, gone, press, repairs } = openGateway({
    inspect: async () => (state.trouble === null ? STANDING : { ...STANDING, ...copied({ copy: null, ...state }) }),
    change: async () => {
      state.trouble = trouble
      return { ...SAVED, steps: [{ what: "reject at risk" }, { what: "gateway's copy (Redis)", owed: "refused" }] }
    },
  })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("▲ saved, not yet in force (R retries): gateway's copy (Redis): refused")
  await see("Gateway   ▲ saved, not yet in force: R retries", "R retry")
  state.trouble = null
  repairs.mockResolvedValueOnce({ steps: [{ what: "gateway's copy (Redis)" }] })
  press("R")
  await see("✓ gateway's copy (Redis)", "0.75 ▲ drift")
  await gone("saved, not yet in force")
})

test("nothing changed is not saved, and a mistake neither: the cursor goes to it", async () => {
  const { see, press, change } = openGateway()
  await see("9 812 requests")
  press("ctrl-s")
  await see("nothing is changed")
  press("a", "10.0.0.1", "ctrl-s")
  await see("line 2 must be a CIDR block", "this address alone is 10.0.0.1/32")
  expect(change).not.toHaveBeenCalled()
})

test("what is typed outlives a refresh and another screen", async () => {
  const state = { ...STANDING }
  const { see, gone, press, queries } = openGateway({ inspect: async () => ({ ...state }) })
  await see("9 812 requests")
  press(...threshold("0.7"))
  await see("not saved yet")
  state.database = { ...STANDING.database, ip_mode: "direct", risk_reject_threshold: 0.6 }
  await queries.invalidateQueries()
  await see("direct", "0.60", "somebody saved another")
  press("5", "enter", "2")
  await gone("trusted CIDRs")
  press("9")
  await see("0.75", "not saved yet", "within 30 s")
})

test("Esc gives up what is typed, and asks before it gives up what is proposed", async () => {
  const { see, gone, press } = openGateway()
  await see("9 812 requests")
  press("g", "right", "a", "1")
  await see("cdn", "+ 1")
  press("esc")
  await gone("+ 1")
  press("esc")
  await see("Discard changes?", "Unsaved changes: mode.", "[ Keep ]")
  press("tab", "enter")
  await gone("not saved yet")
})

test("leaving opsdeck asks where something is not saved", async () => {
  const { see, press } = openGateway()
  await see("9 812 requests")
  press("g", "right", "q")
  await see("Leave opsdeck without saving?", "[ Keep ]")
})

test("what somebody else saved meanwhile is taken or overwritten", async () => {
  const conflicts = [{ field: "risk_reject_threshold", was: 0.8, theirs: 0.6, yours: 0.7 }]
  const answers = [() => Promise.reject(new DeckError("conflict", "saved meanwhile", { conflicts })), async () => SAVED]
  const { see, gone, press, change, lines } = openGateway({
    change: () => (answers.shift() as () => Promise<unknown>)(),
  })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("bots", "tab", "tab", "enter")
  await see("Somebody saved the gateway's settings while you were editing (second, 14:01:58)")
  expect(lines().join("\n")).toMatch(/reject at risk +0\.80 +0\.60 +0\.70 +yours/)
  press("enter")
  await gone("Somebody saved the")
  press("ctrl-s")
  await see("bots", "What happens")
  press("tab", "tab", "enter")
  await see("✓ reject at risk")
  expect(change).toHaveBeenLastCalledWith(
    setGateway,
    { risk_reject_threshold: 0.7, reason: "bots" },
    { seen: { risk_reject_threshold: 0.6 } },
  )
})

test("a threshold that was saved says from when on it is in force, as long as it is the one", async () => {
  const state = { ...IN_SYNC }
  const { see, gone, press, queries } = openGateway({
    inspect: async () => ({ ...state }),
    change: async () => {
      state.database = { ...STANDING.database, risk_reject_threshold: 0.7 }
      return { ...SAVED, answer: state.database }
    },
  })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("tab", "tab", "enter")
  await see("▌ reject at risk  0.70", "in force by ")
  state.database = IN_SYNC.database
  await queries.invalidateQueries()
  await gone("in force by ")
})

test("who changed it last, what and why, and v leads to all of it", async () => {
  const { see, press } = openGateway()
  await see(" Last changed 14:01:58 by second: risk_reject_threshold (bots).")
  press("v")
  await see("Audit", "gateway.config_update")
})

test("what the platform refuses of a value stands beside it until another is typed, and the reason is kept", async () => {
  const refusal = new DeckError("invalid", "is more than this gateway takes", { field: "risk_reject_threshold" })
  const answers = [() => Promise.reject(refusal), async () => SAVED]
  const { see, gone, press } = openGateway({ change: () => (answers.shift() as () => Promise<unknown>)() })
  await see("9 812 requests")
  press(...threshold("0.7"), "ctrl-s")
  await see("What happens")
  press("bots", "tab", "tab", "enter")
  await see("▌ reject at risk  0.80", "0.70", "is more than this")
  await gone("What happens")
  press(...threshold("0.6"))
  await gone("is more than this")
  press("ctrl-s")
  await see("What happens", "bots")
  press("tab", "tab", "enter")
  await see("✓ reject at risk")
})
