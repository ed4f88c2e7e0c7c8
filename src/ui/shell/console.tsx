import { Box, useApp } from "ink"
import { useCallback, useEffect, useMemo, useReducer, useRef } from "react"
import { ignoredNote } from "../../config.ts"
import { type Shown, show } from "../../domain/safe-text.ts"
import type { Deck } from "../../services/deck.ts"
import { type BoundKey, bind, withoutChanges } from "../keys/binding.ts"
import { type Chord, chordLabel } from "../keys/chord.ts"
import { EVERYWHERE } from "../keys/key-map.ts"
import { useRootInput } from "../keys/root-input.ts"
import type { ScreenSet } from "../kit/destinations.ts"
import type { Screen, ScreenView, Size } from "../kit/screen.ts"
import type { Navigation, Shell } from "../kit/shell.ts"
import type { Runtime } from "../runtime/runtime.ts"
import { useStore } from "../runtime/use-store.ts"
import { incidentText } from "../screens/shared/incident-text.tsx"
import type { TerminalEvent } from "../terminal/terminal-input.ts"
import { piece } from "../widgets/line.tsx"
import { zone } from "../widgets/zone.ts"
import { alertsScreen } from "./alerts.tsx"
import { BODY_FROM } from "./frame.tsx"
import { globalBindings, HELP, UNLOCK } from "./global-bindings.ts"
import { useLateOutcome } from "./late-outcome.ts"
import { commandsOf } from "./palette-entries.ts"
import { useGuards } from "./reauthentication.tsx"
import { useOwed, useRepairAtStart } from "./repair.ts"
import { ScreenHost } from "./screen-host.tsx"
import { currentStack, initialShellState, type OpenScreen, shellReducer } from "./shell-state.ts"

interface ConsoleProps {
  readonly runtime: Runtime
  readonly deck: Deck
  readonly screens: ScreenSet
  readonly size: Size
  readonly suspend: () => void
  readonly onTab: (screenId: string) => void
}

/** Console of a signed-in operator: the screens of the current tab, and the keyboard. */
export function Console({ runtime, deck, screens: set, size, suspend, onTab }: ConsoleProps) {
  const { guard, keyMap, input } = runtime
  const { first, screens, destinations, changes } = set
  useStore(zone)
  const [state, dispatch] = useReducer(shellReducer, first, initialShellState)
  const { exit } = useApp()
  const views = useRef(new Map<number, ScreenView>())
  const owed = useOwed(deck, runtime.health)
  const stack = currentStack(state)
  const globalKeys = useRef<readonly BoundKey[]>([])
  const stackNow = useRef(stack)
  stackNow.current = stack
  const lastUnknown = useRef<TerminalEvent>(undefined)

  const movesFrom = useCallback(
    (from: OpenScreen["key"] | undefined): Navigation => ({
      open: (name, params) => {
        const screen = destinations?.[name] as Screen<never> | undefined
        if (screen) dispatch({ type: "push", screen, params, from })
      },
      push: (screen, params) => dispatch({ type: "push", screen: screen as Screen<never>, params, from }),
      back: () => dispatch({ type: "back", from }),
      instead: (screen, params, tab) => {
        dispatch({ type: "instead", screen: screen as Screen<never>, params, tab, from })
        if (tab) onTab(tab.id)
      },
    }),
    [destinations, onTab],
  )
  const shell = useMemo<Shell>(
    () => ({
      ...runtime,
      deck,
      operator: deck.operator,
      owed,
      screens,
      changes,
      commands: commandsOf([...screens, ...Object.values(destinations ?? {}), alertsScreen, incidentText]),
      suspend,
      ...movesFrom(undefined),
      goTo: screen => {
        dispatch({ type: "tab", screen })
        onTab(screen.id)
      },
      canGoBack: () => stackNow.current.filter(place => !place.screen.overlay).length > 1,
      say: (text, tone) => dispatch({ type: "toast", toast: typeof text === "string" ? [piece(text, tone)] : text }),
      below: () => {
        const { screen, key } = stackNow.current.findLast(place => !place.screen.overlay) as OpenScreen
        const { scope = screen.scope, keys = [], command, asksToLeave } = views.current.get(key) ?? {}
        const isInnermost = stackNow.current.at(-1)?.key === key
        const asks = isInnermost ? asksToLeave : undefined
        return { screen, scope, keys, command, asksToLeave: asks, everywhere: globalKeys.current }
      },
      quit: () => exit(),
    }),
    [runtime, deck, owed, screens, destinations, changes, movesFrom, suspend, onTab, exit],
  )
  useRepairAtStart(shell)
  useLateOutcome(shell)
  const { ignored } = runtime
  // Said once somebody is in: which variables of the environment were ignored for the profile's servers, and what was not recorded.
  useEffect(() => {
    const unrecorded = guard.replica && "PostgreSQL is a replica: signing in is not recorded"
    const said = [ignored && ignoredNote(ignored), unrecorded].filter(text => text !== undefined)
    if (said.length > 0) shell.say(show(said.join("; ")), "look")
  }, [ignored, guard, shell])
  const bindings = useMemo(() => globalBindings(screens), [screens])
  useStore(guard.states)
  const everywhere = keyMap.apply(EVERYWHERE, bind(bindings, shell))
  const unlock = everywhere.find(({ name }) => name === UNLOCK)?.keys[0] ?? ""
  const why = guard.readOnly && (guard.staysReadOnly ?? `read-only, ${chordLabel(unlock)} unlocks it`)
  const withheld = useCallback(
    (keys: readonly BoundKey[]) => (why === undefined ? keys : withoutChanges(keys, why)),
    [why],
  )
  const present = useCallback(
    ({ overlay }: Screen<never>, { scope, keys }: ScreenView) => withheld(overlay ? keys : keyMap.apply(scope, keys)),
    [withheld, keyMap],
  )
  globalKeys.current = withheld(everywhere)
  useGuards(shell, () => {
    const underWay = [...views.current].filter(([, view]) => view.isUnderWay).map(([key]) => key)
    dispatch({ type: "close dialogs", but: new Set(underWay) })
  })

  useRootInput(
    () => {
      const innermost = stackNow.current.at(-1) as OpenScreen
      const view = views.current.get(innermost.key)
      const everywhere = innermost.screen.overlay ? globalKeys.current.filter(key => key.inField) : globalKeys.current
      return {
        bound: [view?.keys ?? [], everywhere],
        field: view?.field,
        hearsSince: view?.hearsSince?.(),
        click: row => {
          if (row >= BODY_FROM && row < BODY_FROM + size.rows) view?.click?.(row - BODY_FROM)
        },
      }
    },
    (routed, given) => {
      const isUnknown = routed.kind === "nothing" && !views.current.get(stackNow.current.at(-1)?.key ?? 0)?.field
      if (isUnknown && given !== lastUnknown.current) shell.say(unknownKey(given as Chord), "dim")
      lastUnknown.current = isUnknown ? given : undefined
      if (isUnknown) return
      if (routed.kind === "refused") shell.say(show(routed.reason), "look")
      else if (state.toast) dispatch({ type: "toast", toast: undefined })
    },
    { input, held: destinations === undefined },
  )

  const unknownKey = (chord: Chord): Shown => {
    const help = globalKeys.current.find(({ name }) => name === HELP)?.keys[0] ?? ""
    const isListed = !stackNow.current.at(-1)?.screen.overlay
    const rest = isListed ? `; ${chordLabel(help)} lists the keys` : ""
    return show(`${chordLabel(chord)} does nothing here${rest}`)
  }

  const base = stack.findLastIndex(place => !place.screen.overlay)
  return (
    <Box flexDirection="column">
      {stack.slice(base).map(place => (
        <ScreenHost
          key={place.key}
          shell={shell}
          movesFrom={movesFrom}
          present={present}
          open={place}
          size={size}
          innermost={place === stack.at(-1)}
          globalKeys={globalKeys.current}
          toast={state.toast}
          views={views}
        />
      ))}
    </Box>
  )
}
