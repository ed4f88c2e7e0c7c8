import type { KeyMap } from "../keys/key-map.ts"
import type { TerminalInput } from "../terminal/terminal-input.ts"
import type { AlertRules } from "./alert-rules.ts"
import type { ChangeGuard } from "./change-guard.ts"
import type { Clock } from "./clock.ts"
import type { ColumnChoices } from "./column-choices.ts"
import type { HealthMonitor } from "./health.ts"
import type { IncidentWatch } from "./incident-watch.ts"
import type { InputHistory } from "./input-history.ts"
import type { NameCache } from "./names.ts"
import type { QueueWatch, RecorderWatch } from "./periodic-look.ts"
import type { Presence } from "./presence.ts"
import type { Session } from "./session.ts"
import type { TailClient } from "./tail-client.ts"

/** Objects that live as long as the console, independent of the screens. */
export interface Runtime {
  /** The environment, and whether changes are possible there. */
  readonly guard: ChangeGuard
  readonly session: Session
  readonly health: HealthMonitor
  readonly queue: QueueWatch
  readonly recorder: RecorderWatch
  readonly clock: Clock
  readonly presence: Presence
  readonly inputHistory: InputHistory
  readonly columnChoices: ColumnChoices
  readonly names: NameCache
  readonly tail: TailClient
  readonly alerts: AlertRules
  readonly incidents: IncidentWatch
  readonly keyMap: KeyMap
  readonly input: TerminalInput
  /** Environment variables that name other servers than the profile, and were ignored; undefined where there are none. */
  readonly ignored?: readonly string[] | undefined
  /** The terminal, for what is no frame: the clipboard, the bell. */
  readonly stdout: Pick<NodeJS.WriteStream, "write">
  /** Calls `done` once the terminal has taken a frame that is made after this call. */
  whenDrawn(done: () => void): void
}
