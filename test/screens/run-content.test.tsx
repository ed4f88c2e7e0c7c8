import { beforeEach, expect, test, vi } from "vitest"
import { DeckError } from "../../src/domain/errors.ts"
import type { RunMessage } from "../../src/domain/run-message.ts"
import { clockAt } from "../support/clock.ts"
import { ALICE, run } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"
import { until } from "../support/waiting.ts"

clockAt("2026-03-01T12:05:00Z")
// Of a terminal that has a clipboard.
beforeEach(() => {
  vi.stubEnv("TERM", "xterm-256color")
  vi.stubEnv("TMUX", "")
})

const RUN = run().run_id
const said = (content: string, columns: Partial<RunMessage> = {}): RunMessage => ({
  ...{ id: crypto.randomUUID(), role: "user", content, run_id: null, created_at: "2026-03-01T11:00:00Z" },
  ...{ created_by_user_id: ALICE, ...columns },
})
const EVENT = { seq: 5n, ts: "2026-03-01T12:00:01Z", type: "llm.request", tool_name: null, error_class: null }
const IN_TIMELINE = { ...EVENT, call: null, message: null, input_tokens: null, output_tokens: null, cost_micros: null }
const right = { runId: RUN, traceId: "7d1e0000" }

/** The screen of a run with an event, over `messages`; `recorded` counts the rows in the audit log. */
function open(messages: object, unlock: () => unknown = () => right) {
  const rows = { recorded: 0 }
  const copied: string[] = []
  const stdout = {
    write(text: string) {
      const [, base64] = text.match(/\]52;c;([^\u0007\u001b]*)/) ?? []
      if (base64) copied.push(Buffer.from(base64, "base64").toString())
      return true
    },
  } as never
  const answers = async ({ words }: { words: readonly string[] }, input: never) => {
    const { right: brought, after } = input as { right?: unknown; after?: unknown }
    switch (words.join(" ")) {
      case "runs show":
        return run()
      case "runs timeline":
        return {
          events: after !== undefined ? [] : [IN_TIMELINE],
          pieces: new Map(),
          more: false,
          inOrder: true,
          readAt: 0,
        }
      case "runs unlock":
        rows.recorded++
        return unlock()
      case "runs messages":
        return brought === right ? messages : Promise.reject(new Error("no right"))
      default:
        return { data: [{ ...EVENT, data: { payload: brought === right ? "\u001b[2Jsecret" : { bytes: 10 } } }] }
    }
  }
  const opened = opening(shell => shell.open("run", { run_id: RUN }))
  const terminal = openConsole([opened], { run: answers as never }, { columns: 100, rows: 30 }, { stdout })
  terminal.press("o")
  return { ...terminal, rows, copied }
}

const messages = (...data: RunMessage[]) => ({ data, kept: true, left_out: 0, running: false })

test("messages are read after a question, and recorded once, however often they are looked at", async () => {
  const { see, press, body, rows, gone } = open(
    messages(
      said(`Compare the ${"offers ".repeat(18)}\n\u001b]0;x\u0007\u202e`),
      said("I will", { role: "assistant", run_id: RUN, created_by_user_id: null }),
    ),
  )
  await see("turn 1", "M messages")
  press("M")
  await see("What users wrote", "those of earlier runs too", "(runs.messages_read)", "[ Back ]")
  expect(rows.recorded).toBe(0)
  press("n")
  await gone("What users wrote")
  press("M")
  await see("[ Back ]")
  press("y")
  await see("Messages of run", "I will")
  expect(body()).toMatchInlineSnapshot(`
    [
      " Messages of run  0de10000-0000-4000-8000-000000000001                               as of 12:05:00",
      "",
      " ▌ run              0de10000-0000-4000-8000-000000000001",
      "   recorded         runs.messages_read in the audit log, trace 7d1e0000",
      "   events           show prompts, answers, arguments and results of this run now, until you leave",
      "                    opsdeck",
      "",
      " Messages",
      "   user  2026-03-01 11:00:00  65m ago",
      "   Compare the offers offers offers offers offers offers offers offers offers offers offers",
      "   offers offers offers offers offers offers offers",
      "   \\x1b]0;x\\x07\\u202e",
      "",
      "   assistant  2026-03-01 11:00:00  65m ago  of this run",
      "   I will",
    ]
  `)
  press("esc")
  await see("Timeline")
  press("M")
  await see("I will")
  expect(rows.recorded).toBe(1)
})

test("the events of the run then have their content, which is not copied, and before they do not", async () => {
  const { see, press, copied } = open(messages())
  await see("turn 1")
  press("G", "enter")
  await see("Event", '"bytes": 10')
  press("esc")
  await see("Timeline")
  press("M")
  await see("[ Back ]")
  press("y")
  await see("none up to the end of the run")
  press("esc")
  await see("Timeline")
  press("G", "enter")
  await see('"payload": "\\u001b[2Jsecret"')
  press("y")
  await see("seq 5, as JSON")
  // Neither the event nor any other choice: the value that is selected has it.
  press("G", "enter")
  await until(() => copied.length > 0)
  expect(copied.join()).toMatch(/"payload":\{"bytes":10\}/)
  expect(copied.join()).not.toContain("secret")
})

test("where that cannot be recorded nothing is shown, and why", async () => {
  const { see, press } = open(messages(said("secret")), () => {
    throw new DeckError("unavailable", "what users wrote is shown only where that is recorded: no")
  })
  await see("turn 1")
  press("M")
  await see("[ Back ]")
  press("y")
  await see("Messages of run", "shown only where that is recorded: no")
})

test.each([
  [{ data: [], kept: false, left_out: 0, running: false }, "messages are not kept by this platform"],
  [{ ...messages(), running: true }, "none so far"],
  [{ ...messages(said("x")), left_out: 3 }, "3 older ones are too long to be read with these"],
  [messages(said("line\n".repeat(1_500))), "… 501 lines more: opsdeck runs messages has them"],
  [messages(said("x".repeat(1 << 20))), "bytes more)"],
])("what is not shown is told", async (given, text) => {
  const { see, press } = open(given)
  await see("turn 1")
  press("M")
  await see("[ Back ]")
  press("y")
  await see("Messages of run", "recorded", "as of")
  press("G")
  await see(text)
})
