import { QueryClientProvider } from "@tanstack/react-query"
import { cleanup, render } from "ink-testing-library"
import { onTestFinished } from "vitest"
import { ValueStore } from "../../src/domain/store.ts"
import type { ChangeOptions, Deck } from "../../src/services/deck.ts"
import { explainHiddenRows } from "../../src/services/row-security.ts"
import type { Total } from "../../src/services/total.ts"
import { defineBindings } from "../../src/ui/keys/binding.ts"
import { KeyMap } from "../../src/ui/keys/key-map.ts"
import { defineScreen, type Screen, type ScreenModel } from "../../src/ui/kit/screen.ts"
import { type Shell, useShell } from "../../src/ui/kit/shell.ts"
import { AlertRules } from "../../src/ui/runtime/alert-rules.ts"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { Clock } from "../../src/ui/runtime/clock.ts"
import { ColumnChoices } from "../../src/ui/runtime/column-choices.ts"
import { HealthMonitor } from "../../src/ui/runtime/health.ts"
import { IncidentWatch } from "../../src/ui/runtime/incident-watch.ts"
import { InputHistory } from "../../src/ui/runtime/input-history.ts"
import { NameCache } from "../../src/ui/runtime/names.ts"
import { PeriodicLook } from "../../src/ui/runtime/periodic-look.ts"
import { Presence } from "../../src/ui/runtime/presence.ts"
import { openQueries } from "../../src/ui/runtime/query.ts"
import type { Runtime } from "../../src/ui/runtime/runtime.ts"
import { changes, destinations } from "../../src/ui/screens/index.ts"
import { Console } from "../../src/ui/shell/console.tsx"
import { Keyboard } from "./keyboard.ts"
import { eventually, until } from "./waiting.ts"

/** A screen that stands in for whatever opens the one under test: `o` opens it. */
export const opening = (open: (shell: Shell) => void): Screen =>
  defineScreen<void, ScreenModel & { shell: Shell }>({
    id: "opening",
    title: "Opening",
    summary: "opens the screen under test",
    tabKey: "1",
    bindings: defineBindings<{ shell: Shell }>([{ keys: ["o"], label: "open", run: ({ shell }) => open(shell) }]),
    useModel: () => ({ shell: useShell() }),
    Body: () => null,
  })

type Call = (operation: { words: readonly string[] }, input: never, options?: never) => Promise<unknown>

export interface FakeDeck {
  readonly run?: Call
  readonly follow?: (
    feed: { words: readonly string[] },
    input: never,
    options: { signal: AbortSignal },
  ) => AsyncIterable<unknown>
  readonly preview?: Call
  readonly change?: Call
  /** What a repair answers; nothing is owed where left out. */
  readonly repair?: () => Promise<unknown>
  /** Where lists were read. Default: from the primary, as where no replica is to be read. */
  readonly readFrom?: Deck["readFrom"]
  /** What every list asks beside its rows. Default: nothing is hidden. */
  readonly hiddenRows?: string
  /** How many rows every list has in all. Default: that is not known. */
  readonly total?: Total
  /** Why no list can be sorted by a field, by the field. Default: all that are offered are served. */
  readonly unserved?: Readonly<Record<string, string>>
}

const reading =
  ({ run, hiddenRows, total, unserved }: FakeDeck): Call =>
  (operation, ...rest) => {
    if (operation === explainHiddenRows) return Promise.resolve({ says: hiddenRows ?? null })
    if (operation.words.join(" ") === "sorts served") return Promise.resolve(unserved ?? {})
    if (operation.words.join(" ") === "rows count") return Promise.resolve(total ?? null)
    return (run as Call)(operation, ...rest)
  }

/**
 * The console repairs by itself after signing in, and asks every change how far it is; a test that says nothing of
 * either need not know: what hears the progress is there, and is not compared.
 */
const changing =
  ({ change, repair = async () => ({ steps: [] }) }: FakeDeck): Call =>
  (operation, input, { progress, ...options }: ChangeOptions = {}) =>
    operation.words[0] === "repair"
      ? repair()
      : (change as Call)(operation, input, Object.defineProperty(options, "progress", { value: progress }) as never)

const readFrom: Deck["readFrom"] = () => undefined

const nothing = () => new PeriodicLook<never>(async () => null)

/** The console at `screens`, over what stands for the deck. */
export function openConsole(
  screens: readonly [Screen, ...Screen[]],
  deck: FakeDeck,
  size = { columns: 100, rows: 30 },
  around: Partial<Runtime> = {},
) {
  const queries = openQueries()
  const operator = { userId: "1", login: "root", username: "Root", method: "password", apiKeyId: null } as const
  const keyboard = new Keyboard()
  const runtime = {
    input: keyboard.input,
    guard: new ChangeGuard({ environment: "PROD-EU" }, async () => {}),
    alerts: new AlertRules(
      { snapshots: new ValueStore(null), setAlerts: () => {} },
      { queue: nothing(), recorder: nothing() },
      [],
      () => {},
    ),
    names: new NameCache(async () => new Map()),
    keyMap: new KeyMap(),
    clock: new Clock(),
    presence: new Presence(),
    health: new HealthMonitor(
      [],
      async () => 0,
      () => undefined,
    ),
    queue: nothing(),
    recorder: nothing(),
    incidents: new IncidentWatch({ look: async () => null, write: async () => 0 }, () => ({ tail: null, alerts: [] })),
    inputHistory: new InputHistory(),
    columnChoices: new ColumnChoices(),
    stdout: process.stdout,
    whenDrawn: done => done(),
    ...around,
  } as Runtime
  const { lastFrame } = render(
    <QueryClientProvider client={queries}>
      <Console
        runtime={runtime}
        deck={{ readFrom, ...deck, operator, run: reading(deck), change: changing(deck) } as unknown as Deck}
        screens={{ first: screens[0], screens, destinations, changes }}
        size={size}
        suspend={() => {}}
        onTab={() => {}}
      />
    </QueryClientProvider>,
  )
  onTestFinished(() => {
    cleanup()
    queries.clear()
  })
  const frame = () => lastFrame() ?? ""
  const lines = () =>
    frame()
      .split("\n")
      .map(line => line.trimEnd())
  return {
    queries,
    lines,
    frame,
    /** What the screen drew, without the keys below it and without the blank lines at its end. */
    body: () => lines().slice(0, lines().findLastIndex((line, row) => row < size.rows && line !== "") + 1),
    /** Waits until all of it can be read on the screen. */
    see: (...texts: string[]) =>
      eventually(() => {
        const missing = texts.filter(text => !frame().includes(text))
        if (missing.length > 0) throw new Error(`not on the screen: ${missing.join(", ")}\n${frame()}`)
      }),
    gone: (text: string) => until(() => !frame().includes(text)),
    /** Presses keys by name, or types the text, one event after another. */
    press: (...keys: string[]) => keyboard.press(...keys),
  }
}
