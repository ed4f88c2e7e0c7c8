import { Box, useApp } from "ink"
import { useCallback, useMemo, useReducer, useRef } from "react"
import { show } from "../../domain/safe-text.ts"
import { type BoundKey, bind, defineBindings, withoutChanges } from "../keys/binding.ts"
import { type Chord, chordLabel } from "../keys/chord.ts"
import { useRootInput } from "../keys/root-input.ts"
import { useStore } from "../live/use-store.ts"
import type { Screen, ScreenView, Size } from "../screen/screen.ts"
import { piece } from "../widgets/line.tsx"
import { zone, zoneMark } from "../widgets/zone.ts"
import type { DestinationScreens } from "./destinations.ts"
import { useGuards } from "./guards.ts"
import { helpScreen } from "./help.tsx"
import { paletteScreen } from "./palette.tsx"
import { PlaceHost } from "./place-host.tsx"
import { repairNow, useOwed, useRepairAtStart } from "./repair.ts"
import type { Moves, Shell } from "./shell-context.ts"
import { currentStack, initialShellState, type Place, shellReducer } from "./shell-state.ts"
import { unlockScreen } from "./unlock.tsx"

/** Allows changes, and refuses them again. */
const UNLOCK: Chord = "ctrl-x"

/** The keys that are the same everywhere. */
export const globalBindings = (screens: readonly Screen[]) =>
  defineBindings<Shell>([
    {
      keys: ["esc"],
      label: "back",
      footer: "kept",
      help: "back to where you came from",
      possible: shell => shell.canGoBack(),
      run: shell => shell.back(),
    },
    {
      keys: ["?"],
      label: "help",
      footer: "kept",
      help: "the keys of this screen",
      run: shell => shell.push(helpScreen, undefined),
    },
    {
      keys: [":"],
      label: "palette",
      footer: true,
      help: "go to a screen or do something by its name",
      run: shell => shell.push(paletteScreen, undefined),
    },
    {
      keys: ["/"],
      label: "search",
      help: "search, where the screen has a search",
      opensField: true,
      possible: shell => !hasSearch(shell) && "there is nothing to search on this screen",
      run: () => {},
    },
    {
      keys: [UNLOCK],
      label: "unlock",
      now: ({ site }) => (site.isUnlocked ? "lock again" : undefined),
      footer: "kept",
      help: "allow changes until opsdeck is left; again, refuse them",
      possible: ({ site }) => (site.readOnly === undefined ? site.isUnlocked : (site.staysReadOnly ?? true)),
      run: ({ site, push }) => (site.isUnlocked ? site.lock() : push(unlockScreen, undefined)),
    },
    {
      keys: ["R"],
      label: "retry",
      changes: true,
      footer: "urgent",
      help: "write to Redis what changes still owe to it",
      possible: ({ owed }) => owed.states.snapshot.length > 0,
      run: shell => void repairNow(shell),
    },
    {
      keys: ["q"],
      label: "leave",
      footer: true,
      help: "leave what was opened; from a screen that has a tab, leave opsdeck",
      run: shell => (shell.canGoBack() ? shell.back() : shell.quit()),
    },
    {
      keys: ["z"],
      label: "local times",
      now: () => (zone.snapshot === "local" ? "UTC times" : undefined),
      help: "times by the clocks here; again, those of UTC",
      run: ({ say }) => {
        zone.set(zone.snapshot === "UTC" ? "local" : "UTC")
        say(show(`times are ${zone.snapshot === "UTC" ? "those of UTC" : `local, ${zoneMark(Date.now())}`}`))
      },
    },
    {
      keys: ["ctrl-c"],
      label: "leave",
      help: "leave opsdeck, from anywhere",
      inField: true,
      run: shell => shell.quit(),
    },
    {
      keys: ["ctrl-z"],
      label: "to the shell",
      help: "back to the shell for a while; fg returns",
      inField: true,
      run: shell => shell.suspend(),
    },
    ...screens.map(screen => ({
      keys: [screen.digit as string] as [string],
      label: screen.title,
      help: screen.summary,
      run: (shell: Shell) => shell.goTo(screen),
    })),
  ])

const hasSearch = (shell: Shell) => shell.below().keys.some(key => key.keys.includes("/"))

type ConsoleProps = Pick<Shell, "deck" | "operator" | "site" | "tail" | "names" | "clock" | "screens" | "suspend"> & {
  /** Undefined until they are loaded; what leads there does nothing before. */
  readonly destinations: DestinationScreens | undefined
  readonly first: Screen
  readonly size: Size
  readonly onTab: (screenId: string) => void
}

/** The console of a signed-in operator: the places of the present tab, and the keyboard over them. */
export function Console({
  deck,
  operator,
  site,
  tail,
  names,
  clock,
  screens,
  destinations,
  suspend,
  first,
  size,
  onTab,
}: ConsoleProps) {
  useStore(zone)
  const [state, dispatch] = useReducer(shellReducer, first, initialShellState)
  const { exit } = useApp()
  const views = useRef(new Map<number, ScreenView>())
  const owed = useOwed(deck)
  const stack = currentStack(state)
  const globalKeys = useRef<readonly BoundKey[]>([])
  const stackNow = useRef(stack)
  stackNow.current = stack

  const movesFrom = useCallback(
    (from: Place["key"] | undefined): Moves => ({
      open: (name, params) => {
        const screen = destinations?.[name] as Screen<never> | undefined
        if (screen) dispatch({ type: "push", screen, params, from })
      },
      push: (screen, params) => dispatch({ type: "push", screen: screen as Screen<never>, params, from }),
      back: () => dispatch({ type: "back", from }),
    }),
    [destinations],
  )
  const shell = useMemo<Shell>(
    () => ({
      deck,
      operator,
      site,
      tail,
      names,
      clock,
      owed,
      screens,
      suspend,
      ...movesFrom(undefined),
      goTo: screen => {
        dispatch({ type: "tab", screen })
        onTab(screen.id)
      },
      canGoBack: () => stackNow.current.filter(place => !place.screen.overlay).length > 1,
      say: (said, tone = "plain") => {
        const pieces = typeof said === "string" ? [piece(said, tone)] : said
        dispatch({ type: "toast", toast: { pieces } })
      },
      below: () => {
        const { screen, key } = stackNow.current.findLast(place => !place.screen.overlay) as Place
        return { screen, keys: views.current.get(key)?.keys ?? [], everywhere: globalKeys.current }
      },
      quit: () => exit(),
    }),
    [deck, operator, site, tail, names, clock, owed, screens, movesFrom, suspend, onTab, exit],
  )
  useRepairAtStart(shell)
  const bindings = useMemo(() => globalBindings(screens), [screens])
  const { isReadOnly } = useStore(site.states)
  const withheld = useCallback(
    (keys: readonly BoundKey[]) =>
      isReadOnly ? withoutChanges(keys, site.staysReadOnly ?? `read-only, ${chordLabel(UNLOCK)} unlocks it`) : keys,
    [isReadOnly, site],
  )
  globalKeys.current = withheld(bind(bindings, shell))
  useGuards(shell, () => {
    const underWay = [...views.current].filter(([, view]) => view.isUnderWay).map(([key]) => key)
    dispatch({ type: "close dialogs", but: new Set(underWay) })
  })

  useRootInput(
    () => {
      const innermost = stackNow.current.at(-1) as Place
      const view = views.current.get(innermost.key)
      const everywhere = innermost.screen.overlay ? globalKeys.current.filter(key => key.inField) : globalKeys.current
      return { bound: [view?.keys ?? [], everywhere], field: view?.field }
    },
    routed => {
      if (routed.kind === "refused") shell.say(show(routed.reason), "look")
      else if (state.toast) dispatch({ type: "toast", toast: undefined })
    },
  )

  const base = stack.findLastIndex(place => !place.screen.overlay)
  return (
    <Box flexDirection="column">
      {stack.slice(base).map(place => (
        <PlaceHost
          key={place.key}
          shell={shell}
          movesFrom={movesFrom}
          withheld={withheld}
          place={place}
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
