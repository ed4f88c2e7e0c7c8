import { Decimal } from "../../src/domain/decimal.ts"
import type { InspectedRun } from "../../src/domain/inspected-run.ts"
import type { UserRow } from "../../src/domain/user.ts"
import type { Screen } from "../../src/ui/kit/screen.ts"
import { type FakeDeck, openConsole } from "./test-console.tsx"

export const ORG = "0ac3e000-0000-4000-8000-000000000001"
export const ALICE = "0a11ce00-0000-4000-8000-000000000001"
export const BOB = "0b0b0000-0000-4000-8000-000000000001"

/** A run of Alice in Acme, completed. */
export const run = (columns: Partial<InspectedRun> = {}): InspectedRun => ({
  run_id: "0de10000-0000-4000-8000-000000000001",
  org_id: ORG,
  thread_id: "0de10000-0000-4000-8000-0000000000ff",
  parent_run_id: null,
  status: "completed",
  model: "routed",
  persona_id: "pro",
  provider_kind: "anthropic",
  credential_name: "main",
  persona_model: null,
  duration_ms: 2345n,
  total_input_tokens: 9223372036854775807n,
  total_output_tokens: 4n,
  total_cost_usd: new Decimal("0.00706103"),
  created_at: "2026-03-01T12:00:00.12045Z",
  completed_at: "2026-03-01T12:00:02.5Z",
  failed_at: null,
  created_by_user_id: ALICE,
  login: "alice",
  username: "Alice",
  org_name: "Acme",
  events: { total: 5n, llm_turns: 2n, tool_calls: 1n, provider_fallbacks: 1n },
  error: null,
  cache_creation_tokens: null,
  cache_read_tokens: null,
  cached_tokens: null,
  cache_hit_rate: null,
  credits_used: null,
  deleted_at: null,
  created_by_user_name: "Alice",
  created_by_email: "alice@example.com",
  cost_so_far: null,
  children: [],
  children_count: 0,
  has_grandchildren: false,
  total_aggregate: null,
  credits: "kept",
  ...columns,
})

export const OTHER = "0de10000-0000-4000-8000-000000000002"
export const runs = [
  run(),
  run({ run_id: OTHER, status: "running", login: null, username: "Bob", duration_ms: null, total_cost_usd: null }),
]

/** Alice, active, in Acme. */
export const userRow = (columns: Partial<UserRow>): UserRow => ({
  id: "8f2c",
  login: "alice",
  username: "Alice Liddell",
  email: "alice@example.com",
  status: "active",
  avatar_url: null,
  locale: null,
  timezone: null,
  last_login_at: null,
  created_at: "2024-01-01T10:00:00Z",
  email_verified_at: "2024-01-01T10:00:00Z",
  last_seen_at: null,
  orgs: [{ org_id: "a1", name: "Acme", role: "owner" }],
  ...columns,
})

/** A deck that answers by the words of the operation; what it was asked is kept. */
export function answering(answers: Record<string, unknown>) {
  const asked: { words: string; input: Record<string, unknown> }[] = []
  return {
    asked,
    run: async ({ words }: { words: readonly string[] }, input: Record<string, unknown>) => {
      asked.push({ words: words.join(" "), input })
      return answers[words.join(" ")]
    },
  }
}

/** All there is. */
export const page = (data: unknown[]) => ({ data, next_cursor: null })

/** The first lines of a list below how it stands, at so many columns. */
export async function linesAt(columns: number, screen: Screen, deck: FakeDeck, count: number) {
  const { see, lines } = openConsole([screen], deck, { columns, rows: columns < 80 ? 15 : 24 })
  await see(`${count} shown`)
  const titles = lines().findIndex(line => /^ (TIME|STARTED) /.test(line))
  return lines().slice(titles, titles + 1 + count)
}
