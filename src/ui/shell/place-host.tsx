import { Box } from "ink"
import { type RefObject, useLayoutEffect } from "react"
import type { BoundKey } from "../keys/binding.ts"
import type { Screen, ScreenView, Size } from "../screen/screen.ts"
import { Footer } from "./frame.tsx"
import { MemoryProvider } from "./shell-context.ts"
import type { Place, Toast } from "./shell-state.ts"

interface HostProps {
  readonly place: Place
  readonly size: Size
  /** The innermost place has the keyboard and the footer. */
  readonly innermost: boolean
  readonly globalKeys: readonly BoundKey[]
  readonly toast: Toast | undefined
  /** Where each place leaves its keys for the one input handler. */
  readonly views: RefObject<Map<number, ScreenView>>
}

/** One screen at its place: runs its model, draws its body, and the footer when it is the innermost. */
export function PlaceHost(props: HostProps) {
  return (
    <MemoryProvider value={props.place.memory}>
      <HostedScreen {...props} />
    </MemoryProvider>
  )
}

function HostedScreen({ place, size, innermost, globalKeys, toast, views }: HostProps) {
  const screen = place.screen as Screen<unknown>
  const view = screen.useView(place.params, size)
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
        <Footer keys={view.field ? keys.filter(key => key.inField) : keys} toast={toast} columns={size.columns} />
      )}
    </>
  )
}
