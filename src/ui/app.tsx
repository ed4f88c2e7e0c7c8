import { Box, useApp, useWindowSize } from "ink"
import { useCallback, useEffect, useState } from "react"
import type { ScreenSet } from "./kit/destinations.ts"
import type { Size } from "./kit/screen.ts"
import type { Runtime } from "./runtime/runtime.ts"
import { useStore } from "./runtime/use-store.ts"
import { Banner } from "./shell/banner.tsx"
import { Console } from "./shell/console.tsx"
import { FRAME_ROWS, LEAST, Rule, Tabs, TooSmall, TopLine } from "./shell/frame.tsx"
import { useHolding } from "./shell/holding.ts"
import { SignIn } from "./shell/sign-in.tsx"
import { theme } from "./widgets/theme.ts"

interface AppProps {
  readonly runtime: Runtime
  readonly screens: ScreenSet
}

/** The whole window: where am I, the tabs, and either the sign-in or the console. */
export function App({ runtime, screens }: AppProps) {
  const { guard, session, health, queue, recorder, clock, presence, names, alerts, incidents, keyMap, input } = runtime
  const { suspendTerminal } = useApp()
  // The whole foreground job stops, as the shell that started it expects (npm and sh stand between the two).
  const suspend = useCallback(() => void suspendTerminal(() => void process.kill(0, "SIGTSTP")), [suspendTerminal])
  const window = useWindowSize()
  const state = useStore(session.states)
  const pulse = useStore(health.states)
  const recording = useStore(recorder.states)
  const now = useStore(clock.times)
  // Another theme is another frame.
  useStore(theme)
  const [tab, setTab] = useState(screens.first.id)
  const tooSmall = window.columns < LEAST.columns || window.rows < LEAST.rows
  useEffect(() => presence.set({ isHidden: tooSmall }), [presence, tooSmall])
  const { columns, rows } = tooSmall ? LEAST : window
  const size: Size = { columns, rows: rows - FRAME_ROWS }
  const open = state.phase === "open"
  const holding = useHolding(open ? state.deck : undefined, guard, now)
  const whole = (
    // Too small to be seen it goes on all the same: it has the keyboard, and knows where the operator is.
    <Box flexDirection="column" width={columns} height={rows} display={tooSmall ? "none" : "flex"}>
      <TopLine
        guard={guard}
        operator={open ? (state.deck.operator.login ?? state.deck.operator.username) : undefined}
        health={pulse}
        recorder={recording}
        holding={holding}
        now={now}
        columns={columns}
      />
      <Tabs screens={open ? screens.screens : []} current={tab} keyMap={keyMap} columns={columns} />
      {open ? <Banner {...{ guard, alerts, queue, incidents, names, now, columns }} /> : <Rule columns={columns} />}
      {open ? (
        <Console {...{ runtime, screens, size, suspend }} deck={state.deck} onTab={setTab} />
      ) : (
        <SignIn {...{ guard, session, state, input, now, size, suspend }} />
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
