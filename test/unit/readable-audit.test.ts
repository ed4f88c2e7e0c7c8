import { expect, it } from "vitest"
import type { AuditEntry } from "../../src/domain/audit-entry.ts"
import { readable } from "../../src/domain/readable-audit.ts"

const BARE: AuditEntry = {
  id: "0a0d1700-0000-4000-8000-000000000001",
  ts: "2026-03-01T12:00:00Z",
  action: "users.update",
  actor_user_id: "0a11ce00-0000-4000-8000-000000000001",
  actor_login: null,
  actor_username: null,
  target_type: "user",
  target_id: "0a11ce00-0000-4000-8000-000000000002",
  target_login: null,
  target_username: null,
  trace_id: "4f3a",
  metadata: {},
  before: null,
  after: null,
  ip_address: null,
  user_agent: null,
}

it("names people by login, else by name, else by what is left of them", () => {
  const named = { actor_login: "alice", actor_username: "Alice", target_login: null, target_username: "Bob" }
  expect(readable({ ...BARE, ...named })).toMatchObject({ actor: "alice", target: "Bob" })
  expect(readable(BARE)).toMatchObject({ actor: BARE.actor_user_id, target: "user", target_id: BARE.target_id })
})

it.each([
  [{ metadata: { old_status: "active", new_status: "suspended", reason: "spam" } }, "active -> suspended", "spam"],
  [{ metadata: { new_status: "deleted" }, after: { status: "deleted" } }, "deleted", ""],
  [{ metadata: { result: "failed" } }, "failed", ""],
  [{ before: { email: null }, after: { email: "a@b.example", locale: "de" } }, "email, locale", ""],
  [{ metadata: null, before: "text", after: [1] }, "", ""],
  [{ metadata: { reason: 7, result: ["x"] } }, "", ""],
])("tells of %j what changed and why", (row, change, reason) => {
  expect(readable({ ...BARE, ...row })).toMatchObject({ change, reason })
})
