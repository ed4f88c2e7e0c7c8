import { Box, useApp, useWindowSize } from "ink"
import { useCallback, useState } from "react"
import type { KeyMap } from "./keys/key-map.ts"
import type { DestinationScreens } from "./kit/destinations.ts"
import type { Screen, Size } from "./kit/screen.ts"
import type { AlertRules } from "./runtime/alert-rules.ts"
import type { GuardedSite } from "./runtime/change-guard.ts"
import type { Clock } from "./runtime/clock.ts"
import type { HealthMonitor } from "./runtime/health.ts"
import type { NameCache } from "./runtime/names.ts"
import type { History } from "./runtime/recall-file.ts"
import type { Session } from "./runtime/session.ts"
import type { TailClient } from "./runtime/tail-client.ts"
import { useStore } from "./runtime/use-store.ts"
import { Banner } from "./shell/banner.tsx"
import { Console } from "./shell/console.tsx"
import { FRAME_ROWS, LEAST, Rule, Tabs, TooSmall, TopLine } from "./shell/frame.tsx"
import { Gate } from "./shell/gate.tsx"
import type { Mouse } from "./terminal/mouse.ts"

export interface AppProps {
  readonly site: GuardedSite
  readonly session: Session
  readonly health: HealthMonitor
  readonly clock: Clock
  readonly history: History
  readonly names: NameCache
  readonly tail: TailClient
  readonly alerts: AlertRules
  readonly screens: readonly Screen[]
  readonly destinations: DestinationScreens | undefined
  readonly first: Screen
  readonly keyMap: KeyMap
  readonly mouse: Mouse | undefined
}

/** The whole window: where am I, the tabs, and either the gate or the console. */
export function App({
  site,
  session,
  health,
  clock,
  history,
  names,
  tail,
  alerts,
  screens,
  destinations,
  first,
  keyMap,
  mouse,
}: AppProps) {
  const { suspendTerminal } = useApp()
  // The whole foreground job stops, as the shell that started it expects (npm and sh stand between the two).
  const suspend = useCallback(() => void suspendTerminal(() => void process.kill(0, "SIGTSTP")), [suspendTerminal])
  const window = useWindowSize()
  const state = useStore(session.states)
  const pulse = useStore(health.states)
  const now = useStore(clock.times)
  const [tab, setTab] = useState(first.id)
  const tooSmall = window.columns < LEAST.columns || window.rows < LEAST.rows
  const { columns, rows } = tooSmall ? LEAST : window
  const size: Size = { columns, rows: rows - FRAME_ROWS }
  const open = state.phase === "open"
  const whole = (
    // Too small to be seen it goes on all the same: it has the keyboard, and knows where the operator is.
    <Box flexDirection="column" width={columns} height={rows} display={tooSmall ? "none" : "flex"}>
      <TopLine
        site={site}
        operator={open ? (state.deck.operator.login ?? state.deck.operator.username) : undefined}
        health={pulse}
        now={now}
        columns={columns}
      />
      <Tabs screens={open ? screens : []} current={tab} columns={columns} />
      {open ? <Banner {...{ alerts, names, now, columns }} /> : <Rule columns={columns} />}
      {open ? (
        <Console
          {...{ site, tail, alerts, names, clock, history, screens, destinations, first, keyMap, mouse, size, suspend }}
          deck={state.deck}
          operator={state.deck.operator}
          onTab={setTab}
        />
      ) : (
        <Gate site={site} session={session} state={state} now={now} size={size} suspend={suspend} />
      )}
    </Box>
  )
  return (
    <>
      {tooSmall && <TooSmall size={window} />}
      {whole}
    </>
  )
}
