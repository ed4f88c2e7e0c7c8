import { expect, test } from "vitest"
import type { AuditEntry } from "../../../src/domain/audit-entry.ts"
import { whatWasDone } from "../../../src/ui/screens/shared/audit-what.ts"

const told = (entry: Partial<AuditEntry>) =>
  whatWasDone({ action: "a", metadata: {}, before: null, after: null, ...entry } as AuditEntry)[0]

test.each(["suspended", "deleted"])("a user who became %s is told from any other", status => {
  expect(told({ action: "users.status_changed", metadata: { old_status: "active", new_status: status } })).toBe(status)
})

test("whoever was let in again was activated", () => {
  expect(told({ action: "users.status_changed", metadata: { new_status: "active" } })).toBe("activated")
})

test.each([
  ["succeeded", "signed in"],
  ["failed", "sign-in refused"],
])("a sign-in that %s", (result, expected) => {
  expect(told({ action: "auth.login", metadata: { result } })).toBe(expected)
})

test("a test mail ends as the mail server said", () => {
  expect(told({ action: "email.test", metadata: { result: "rejected" } })).toBe("rejected")
})

test("an update names its fields, those that came and those that went", () => {
  expect(told({ action: "users.update", before: { email: "a" }, after: { email: null, locale: "de" } })).toBe(
    "email, locale",
  )
})

test("a switch says which way it went, where nothing else changed", () => {
  expect(told({ before: { is_active: true }, after: { is_active: false } })).toBe("switched off")
  expect(told({ before: { is_active: false }, after: { is_active: true } })).toBe("switched on")
  expect(told({ after: { is_active: true, max_uses: 3 } })).toBe("is_active, max_uses")
})

test("registration that was opened or closed, an end that was asked for, and credits", () => {
  const flag = { action: "feature_flags.update", metadata: { key: "registration.open" } }
  expect(told({ ...flag, after: { default_value: true } })).toBe("opened")
  expect(told({ ...flag, after: { default_value: false } })).toBe("closed")
  expect(told({ ...flag, metadata: { key: "other" }, after: { default_value: true } })).toBe("default_value")
  expect(told({ action: "runs.cancel", metadata: { result: "requested" } })).toBe("cancel requested")
  expect(told({ action: "credits.adjust", metadata: { amount: 12_000 } })).toBe("+12 000 credits")
})

test("keys that were revoked by themselves", () => {
  expect(told({ action: "users.update", metadata: { api_keys: 2 } })).toBe("keys revoked")
})

test("what says nothing of itself is told by its action, whatever the platform writes there", () => {
  expect(told({ action: "redemption_codes.batch_create" })).toBe("batch create")
  expect(told({ action: "odd", metadata: [1], before: "x" })).toBe("value")
  expect(told({ action: "", metadata: null })).toBe("")
  expect(told({ action: "a.b", metadata: { new_status: { toString: 1 } } })).toBe("b")
})

test("an access that was ended, whatever ended with it", () => {
  const metadata = { sessions: 1, api_keys: 2 }
  expect(told({ action: "users.end_access", metadata, after: { channels: [] } })).toBe("access ended")
})
