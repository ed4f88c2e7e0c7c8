import type { RedemptionCodeDetail } from "../../src/domain/redemption-code.ts"
import type { Preview } from "../../src/services/operation.ts"
import { KeyMap } from "../../src/ui/keys/key-map.ts"
import { codesScreen } from "../../src/ui/screens/codes/codes-list.tsx"
import { openConsole } from "./test-console.tsx"

const ALICE = "0a11ce00-0000-4000-8000-000000000001"
const BOB = "0b0b0000-0000-4000-8000-000000000001"

const code = (n: number, columns: Partial<RedemptionCodeDetail> = {}): RedemptionCodeDetail => ({
  id: `0c0de000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  code: `AAAA-BBBB-CCCC-${String(n).padStart(4, "2")}`,
  type: "credit",
  value: "500",
  max_uses: 1,
  use_count: 0,
  expires_at: "2026-12-22T14:02:30Z",
  is_active: true,
  batch_id: "spring",
  created_by_user_id: ALICE,
  created_at: "2026-11-20T12:00:00.12045Z",
  state: "active",
  created_by_login: "alice",
  created_by_username: "Alice Liddell",
  ...columns,
})
const CODES = [
  code(1),
  code(2, { max_uses: 10, use_count: 3 }),
  code(3, { use_count: 1, state: "used up" }),
  code(4, { expires_at: "2026-11-21T00:00:00Z", state: "expired" }),
  code(5, { is_active: false, state: "off", batch_id: "a batch with a name that goes on and on" }),
  code(6, { code: "evil\x1b[31m", type: "feature", value: "voice", expires_at: null, batch_id: null }),
]
export const MADE = Array.from({ length: 40 }, (_, n) => code(n + 10, { value: '1,"0"' }))

export const PREVIEW: Preview = {
  title: "Create 40 codes",
  subject: ["type credit, value 100, batch spring"],
  effects: ["40 codes, together worth 4 000 credits, without expiry"],
  needsConfirmation: true,
}

export interface CodesGiven {
  readonly size?: { columns: number; rows: number }
  readonly keyMap?: KeyMap
  readonly preview?: Preview
  readonly change?: (options: {
    signal?: AbortSignal
    progress: (done: number, all: number) => void
  }) => Promise<unknown>
}

const DONE = { answer: { batch_id: "spring", data: MADE }, steps: [{ what: "40 codes in batch spring" }] }

/** The list of codes over a deck that keeps what it was asked; other screens are never answered. */
export function openCodes({
  size = { columns: 100, rows: 30 },
  keyMap = new KeyMap(),
  preview = PREVIEW,
  change = async () => DONE,
}: CodesGiven = {}) {
  const reads: object[] = []
  const previews: object[] = []
  const asked: object[] = []
  const page = (data: readonly unknown[]) => ({ data, next_cursor: null })
  const answers: Record<string, (input: { id: string }) => unknown> = {
    "codes list": () => page(CODES),
    "codes show": ({ id }) => CODES.find(row => row.id === id),
    "codes redemptions": () =>
      page([
        {
          id: "1",
          user_id: BOB,
          login: "bob",
          username: "Bob Stone",
          org_id: ALICE,
          org_name: "Acme",
          redeemed_at: "2026-11-21T00:00:00Z",
        },
        {
          id: "2",
          user_id: ALICE,
          login: null,
          username: null,
          org_id: ALICE,
          org_name: null,
          redeemed_at: "2025-11-21T00:00:00Z",
        },
      ]),
    "audit list": () => page([]),
  }
  const deck = {
    run: async ({ words }: { words: readonly string[] }, input: { id: string }) => {
      reads.push({ words: words.join(" "), ...input })
      return answers[words.join(" ")]?.(input) ?? new Promise(() => {})
    },
    preview: async ({ words }: { words: readonly string[] }, input: object) => {
      previews.push({ words: words.join(" "), ...input })
      return preview
    },
    change: (_: unknown, input: object, options: Parameters<NonNullable<CodesGiven["change"]>>[0]) => {
      asked.push(input)
      return change(options)
    },
  }
  return { reads, previews, asked, ...openConsole([codesScreen], deck as never, size, { keyMap }) }
}
