import { describe, expect, test, vi } from "vitest"
import { ChangeGuard } from "../../../src/ui/runtime/change-guard.ts"

const guard = (readOnly?: "option" | "profile") =>
  new ChangeGuard({ environment: "PROD-EU", ...(readOnly && { readOnly }) }, async () => {})

describe("a console that starts read-only", () => {
  test("by its profile is unlocked, which the diagnostics remember, and locked again", () => {
    const noted = vi.spyOn(console, "info").mockReturnValue()
    const here = guard("profile")
    expect(here).toMatchObject({ readOnly: expect.stringMatching(/^nothing was changed: /), isUnlocked: false })
    here.unlock()
    expect(here).toMatchObject({ readOnly: undefined, isUnlocked: true })
    expect(noted.mock.lastCall).toEqual(["PROD-EU: read-only, and unlocked"])
    noted.mockRestore()
    here.lock()
    expect(here.readOnly).toBeDefined()
  })

  test("by the command line stays so", () => {
    const here = guard("option")
    here.unlock()
    expect(here.readOnly).toBe("nothing was changed: opsdeck was started with --read-only")
  })
})

describe("a console whose PostgreSQL is a replica", () => {
  const replica = { lagS: 3, follows: "10.0.0.1:5432" }
  const refusal = "nothing was changed: PostgreSQL here is a replica of 10.0.0.1:5432: changes are made there"

  test("refuses changes until it is promoted, and tells on only what reads otherwise", () => {
    const here = guard()
    const told = vi.fn()
    here.states.subscribe(told)
    here.heed(replica)
    here.heed({ ...replica, lagS: 3.2 })
    expect(told).toHaveBeenCalledTimes(1)
    expect(here).toMatchObject({ readOnly: refusal, isUnlocked: false })
    here.heed({ ...replica, lagS: 9 })
    expect(told).toHaveBeenCalledTimes(2)
    here.heed(undefined)
    expect(here.readOnly).toBeUndefined()
  })

  test("stays as locked or unlocked as it was, and is not unlocked meanwhile", () => {
    const noted = vi.spyOn(console, "info").mockReturnValue()
    const here = guard("profile")
    here.heed(replica)
    expect(here).toMatchObject({ readOnly: refusal, isLocked: true })
    here.unlock()
    expect(here.isLocked).toBe(true)
    here.heed(undefined)
    here.unlock()
    here.heed(replica)
    expect(here).toMatchObject({ readOnly: refusal, isUnlocked: true })
    here.heed(undefined)
    expect(here.readOnly).toBeUndefined()
    noted.mockRestore()
  })

  test("does not know whom it follows where the role may not", () => {
    const here = guard()
    here.heed({ lagS: null, follows: null })
    expect(here.readOnly).toBe("nothing was changed: PostgreSQL here is a replica: changes are made on its primary")
  })
})

describe("a console that was left alone", () => {
  test("lets a change wait until its operator is proven, and no longer asks then", async () => {
    const here = guard()
    await expect(here.admit()).resolves.toBeUndefined()
    here.becomeIdle()
    const waiting = Promise.all([here.admit(), here.admit()])
    expect(here.states.snapshot.isConfirming).toBe(true)
    here.confirm()
    await expect(waiting).resolves.toBeDefined()
    expect(here.states.snapshot.isConfirming).toBe(false)
    await expect(here.admit()).resolves.toBeUndefined()
  })

  test("does not do what waits when nobody says who they are, and asks for the next change again", async () => {
    const here = guard()
    here.becomeIdle()
    const waiting = here.admit()
    here.decline()
    await expect(waiting).rejects.toMatchObject({ code: "cancelled", message: /^nothing was changed/ })
    const another = here.admit()
    expect(here.states.snapshot.isConfirming).toBe(true)
    here.becomeIdle()
    await expect(another).rejects.toMatchObject({ code: "cancelled" })
  })

  test.each(["becomeIdle", "decline"] as const)(
    "takes no proof that comes after %s, whatever asks by then",
    async end => {
      const { promise: checked, resolve: answer } = Promise.withResolvers<void>()
      const here = new ChangeGuard({ environment: "PROD-EU" }, () => checked)
      here.becomeIdle()
      here.admit().catch(() => {})
      const proof = here.checkIdentity("hunter2")
      here[end]()
      const later = here.admit()
      answer()
      await expect(proof).rejects.toMatchObject({ code: "cancelled" })
      expect(here.states.snapshot.isConfirming).toBe(true)
      here.decline()
      await expect(later).rejects.toMatchObject({ code: "cancelled" })
    },
  )
})
