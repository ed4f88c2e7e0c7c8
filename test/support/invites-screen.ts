import type { InviteCodeRow, Referred } from "../../src/domain/invite-code.ts"
import type { Preview } from "../../src/services/operation.ts"
import { invitesScreen } from "../../src/ui/screens/invites/invites-list.tsx"
import { ALICE, BOB, page } from "./record-screens.ts"
import { openConsole } from "./test-console.tsx"

const codeRow = (code: string, columns: Partial<InviteCodeRow> = {}): InviteCodeRow => ({
  id: `0c0de000-0000-4000-8000-${code.padStart(12, "0")}`,
  user_id: ALICE,
  code,
  max_uses: 10,
  use_count: 3,
  is_active: true,
  created_at: "2026-03-01T12:00:00.12045Z",
  user_login: "alice",
  user_email: "alice@example.com",
  user_name: "Alice Liddell",
  user_status: "active",
  ...columns,
})

const gone = { user_login: null, user_email: null, user_name: null, user_status: null }

/** Codes in every state, of owners in every state. */
export const CODES = [
  codeRow("1"),
  codeRow("2", { max_uses: 0, use_count: 1284 }),
  codeRow("3", { use_count: 10 }),
  codeRow("4", { is_active: false, user_login: "mallory.of.the.long.name", user_status: "suspended" }),
  codeRow("5", { user_login: null, user_name: "Gone", user_status: "deleted" }),
  codeRow("6", { ...gone, use_count: 0, max_uses: 2_000_000_000, user_id: BOB }),
  codeRow("7", { use_count: 250, max_uses: 1000 }),
]

const joiner = (id: string, columns: Partial<Referred> = {}): Referred => ({
  id,
  user_id: BOB,
  login: "bob",
  username: "Bob Stone",
  status: "active",
  credited: true,
  created_at: "2026-11-19T20:24:27Z",
  ...columns,
})

const JOINERS = [
  joiner("1"),
  joiner("2", { login: null, username: "Gone", status: "deleted", credited: false }),
  joiner("3", { login: null, username: null, status: null, user_id: ALICE }),
]

const PREVIEW: Preview = {
  title: "Deactivate invite code 1",
  subject: ["of alice · alice@example.com · used 3 times, limit 10"],
  effects: ["it can no longer be used; accounts that joined with it stay"],
  needsConfirmation: false,
}

const DONE = { answer: null, steps: [{ what: "state" }] }

/** The list of codes over a deck that keeps what it was asked to read and to change; other screens are never answered. */
export function openInvites({ size = { columns: 100, rows: 30 }, codes = CODES, change = async () => DONE } = {}) {
  const reads: object[] = []
  const asked: object[] = []
  const answers: Record<string, (input: { id: string }) => unknown> = {
    "invites list": () => page(codes),
    "invites show": ({ id }) => codes.find(code => code.id === id),
    "invites joiners": () => page(JOINERS),
    "audit list": () => page([]),
  }
  const deck = {
    run: async ({ words }: { words: readonly string[] }, input: { id: string }) => {
      reads.push({ words: words.join(" "), ...input })
      return answers[words.join(" ")]?.(input) ?? new Promise(() => {})
    },
    preview: async () => PREVIEW,
    change: (_: unknown, input: object) => {
      asked.push(input)
      return change()
    },
  }
  return { reads, asked, ...openConsole([invitesScreen], deck, size) }
}
