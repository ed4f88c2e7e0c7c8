import { expect, test, vi } from "vitest"
import type { Step } from "../../../src/services/operation.ts"
import { OwedWrites } from "../../../src/ui/runtime/owed.ts"

const sessions = { what: "sessions (Redis)", owed: "refused" }
const of = (name: string) => ({ what: "sessions (Redis)", change: `Suspend ${name}` })

test("what a change owes is kept, each thing once, until a repair says what is left", async () => {
  const owed = new OwedWrites(async () => [{ what: "sessions (Redis)" }, { what: "gateway's copy", owed: "refused" }])
  owed.note([{ what: "status" }, sessions], "Suspend alice")
  owed.note([sessions], "Suspend alice")
  owed.note([sessions], "Suspend bob")
  expect(owed.states.snapshot).toEqual(["alice", "bob"].map(of))
  await owed.repair()
  expect(owed.states.snapshot).toEqual([{ what: "gateway's copy" }])
})

test("a repair that fails leaves it as it is, and can be tried again", async () => {
  const owed = new OwedWrites(() => Promise.reject(new Error("PostgreSQL refused")))
  owed.note([sessions], "Suspend alice")
  await expect(owed.repair()).rejects.toThrow("PostgreSQL refused")
  await expect(owed.repair()).rejects.toThrow("PostgreSQL refused")
  expect(owed.states.snapshot).toEqual([of("alice")])
})

test("asked twice at the same time it repairs once", async () => {
  const answer = Promise.withResolvers<readonly Step[]>()
  const write = vi.fn(() => answer.promise)
  const owed = new OwedWrites(write)
  const both = Promise.all([owed.repair(), owed.repair()])
  answer.resolve([])
  await both
  expect(write).toHaveBeenCalledTimes(1)
})

test("what comes to be owed while a repair is under way is kept: the repair may not have seen it", async () => {
  const answer = Promise.withResolvers<readonly Step[]>()
  const owed = new OwedWrites(() => answer.promise)
  owed.note([{ what: "gateway's copy", owed: "refused" }], "Save")
  const repaired = owed.repair()
  owed.note([sessions], "Suspend alice")
  answer.resolve([{ what: "gateway's copy" }])
  await repaired
  expect(owed.states.snapshot).toEqual([of("alice")])
})

test("what Redis could not be asked about is as it was known, and nothing more is claimed", async () => {
  const blind = { what: "sessions of up to 7 users (Redis)", owed: "unreachable", unseen: true } as const
  const asked = vi.fn()
  const owed = new OwedWrites(async () => [blind], asked)
  await owed.repair()
  expect(owed.states.snapshot).toEqual([{ what: blind.what, unseen: true }])
  owed.note([sessions], "Suspend alice")
  await owed.repair()
  expect(owed.states.snapshot).toEqual([of("alice"), { what: blind.what, unseen: true }])
  expect(asked).toHaveBeenCalledTimes(3)
})
