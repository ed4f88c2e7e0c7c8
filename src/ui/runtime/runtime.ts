import type { KeyMap } from "../keys/key-map.ts"
import type { Mouse } from "../terminal/mouse.ts"
import type { AlertRules } from "./alert-rules.ts"
import type { ChangeGuard } from "./change-guard.ts"
import type { Clock } from "./clock.ts"
import type { HealthMonitor } from "./health.ts"
import type { NameCache } from "./names.ts"
import type { RecallFile } from "./recall-file.ts"
import type { Session } from "./session.ts"
import type { TailClient } from "./tail-client.ts"

/** What lives as long as the console does, whichever screen is in sight. */
export interface Runtime {
  /** Where all this is, and whether anything may be changed there. */
  readonly guard: ChangeGuard
  readonly session: Session
  readonly health: HealthMonitor
  readonly clock: Clock
  readonly recall: RecallFile
  readonly names: NameCache
  readonly tail: TailClient
  readonly alerts: AlertRules
  readonly keyMap: KeyMap
  readonly mouse: Mouse | undefined
  /** The terminal, for what is no frame: the clipboard, the bell. */
  readonly stdout: Pick<NodeJS.WriteStream, "write">
}
