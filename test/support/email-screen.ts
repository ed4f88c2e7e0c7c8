import { vi } from "vitest"
import type { EmailInspection } from "../../src/domain/email.ts"
import { emailScreen } from "../../src/ui/screens/email/email-detail.tsx"
import { preview } from "./fake-changes.ts"
import { type FakeDeck, openConsole } from "./test-console.tsx"

export const values = {
  from: "no-reply@example.com",
  smtp_host: "smtp.example.com",
  smtp_port: 587,
  smtp_user: "mailer",
  smtp_pass: "*** 1a2b3c4d",
  smtp_tls_mode: "starttls",
} as const

/** Settings that are all right, but for `more`. */
export const inspection = (more: Partial<EmailInspection> = {}): EmailInspection => ({
  status: { configured: true, from: values.from, source: "db" },
  saved: values,
  in_force: values,
  sources: { from: "db", smtp_host: "db", smtp_port: "none", smtp_user: "db", smtp_pass: "db", smtp_tls_mode: "none" },
  provider: null,
  warnings: [],
  ...more,
})

export const done = async () => ({ answer: null, steps: [{ what: "port" }] })

/** The screen of `seen`, and a deck whose operator has the address `own`. */
export function openScreen(
  seen: EmailInspection,
  { own = null, size, ...deck }: FakeDeck & { own?: string | null; size?: { columns: number; rows: number } } = {},
) {
  const run = async ({ words }: { words: readonly string[] }) => {
    if (words[0] === "audit") return { data: [], next_cursor: null }
    return words[0] === "email" ? seen : { email: own }
  }
  const follow = vi.fn(deck.follow ?? async function* () {})
  const change = vi.fn(done)
  return {
    ...openConsole(
      [emailScreen, { ...emailScreen, id: "other", tabKey: "2" }],
      { run, preview: async () => preview(), change, ...deck, follow },
      size,
    ),
    follow,
    change,
  }
}

/** Types another value into the field. */
export const typed = (text: string) => ["\x15", text]
export const small = { columns: 60, rows: 15 }

/** What became of a test mail: accepted, but for `more`. */
export const outcome = (more: object = {}) => ({
  outcome: {
    result: "accepted",
    explanation: "The server accepted the mail for ops@example.com.",
    response: "250 queued",
    duration_ms: 181,
    tls: true,
    step: null,
    via: "settings",
    offered: null,
    findings: [],
    ...more,
  },
})

/** A feed that waits where a promise stands in its place. */
export const feed = (...items: unknown[]) =>
  async function* () {
    for (const item of items) yield await item
  }
