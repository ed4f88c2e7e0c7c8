import { Box } from "ink"
import { type RefObject, useLayoutEffect, useMemo } from "react"
import type { BoundKey } from "../keys/binding.ts"
import { useDrawnSince } from "../kit/drawn-since.ts"
import type { Screen, ScreenView, Size } from "../kit/screen.ts"
import { MemoryProvider, type Navigation, type Shell, ShellProvider } from "../kit/shell.ts"
import { HasKeyboard } from "../widgets/line.tsx"
import { Footer } from "./footer.tsx"
import { useNotice } from "./notice.ts"
import type { OpenScreen, Toast } from "./shell-state.ts"

interface HostProps extends HostedProps {
  readonly shell: Shell
  readonly movesFrom: (from: OpenScreen["key"]) => Navigation
}

interface HostedProps {
  /** Returns the keys of a screen with the operator's own chords, without changes where read-only. */
  readonly present: (screen: Screen<never>, view: ScreenView) => readonly BoundKey[]
  readonly open: OpenScreen
  readonly size: Size
  /** The innermost screen has the keyboard and the footer. */
  readonly innermost: boolean
  readonly globalKeys: readonly BoundKey[]
  readonly toast: Toast | undefined
  /** Views by screen key, for the input handler. */
  readonly views: RefObject<Map<number, ScreenView>>
}

/** Runs the model of one screen, draws its body, and its footer when innermost; its navigation is its own. */
export function ScreenHost({ shell, movesFrom, ...props }: HostProps) {
  const { key, memory } = props.open
  const own = useMemo(() => ({ ...shell, ...movesFrom(key) }), [shell, movesFrom, key])
  return (
    <ShellProvider value={own}>
      <MemoryProvider value={memory}>
        <HasKeyboard value={props.innermost}>
          <HostedScreen {...props} />
        </HasKeyboard>
      </MemoryProvider>
    </ShellProvider>
  )
}

function HostedScreen({ present, open: place, size, innermost, globalKeys, toast, views }: HostedProps) {
  const screen = place.screen as Screen<unknown>
  const seen = screen.useView(place.params, size)
  const notice = useNotice()
  // Anew when it has the keyboard again after another one.
  const drawnSince = useDrawnSince(innermost)
  const drops = screen.overlay && !screen.typedAhead
  const view = { ...seen, keys: present(place.screen, seen), ...(drops && { hearsSince: drawnSince }) }
  useLayoutEffect(() => {
    const all = views.current
    all.set(place.key, view)
    return () => void all.delete(place.key)
  })
  const keys = screen.overlay ? view.keys : [...view.keys, ...globalKeys]
  const body = screen.overlay ? (
    <Box position="absolute" width={size.columns} height={size.rows} justifyContent="center" alignItems="center">
      {view.body}
    </Box>
  ) : (
    <Box flexDirection="column" height={size.rows} width={size.columns} overflowY="hidden">
      {view.body}
    </Box>
  )
  return (
    <>
      {body}
      {innermost && (
        <Footer
          keys={view.field ? keys.filter(key => key.inField) : keys}
          toast={toast}
          notice={notice}
          columns={size.columns}
        />
      )}
    </>
  )
}
