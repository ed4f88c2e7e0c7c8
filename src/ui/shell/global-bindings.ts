import { show, shown } from "../../domain/safe-text.ts"
import { type Binding, defineBindings } from "../keys/binding.ts"
import type { Chord } from "../keys/chord.ts"
import { EVERYWHERE } from "../keys/key-map.ts"
import type { DestinationScreens } from "../kit/destinations.ts"
import { shareScreen } from "../kit/export/share.tsx"
import type { Screen } from "../kit/screen.ts"
import type { Shell } from "../kit/shell.ts"
import { zone, zoneMark } from "../widgets/zone.ts"
import { alertsScreen } from "./alerts.tsx"
import { helpScreen } from "./help.tsx"
import { paletteScreen } from "./palette.tsx"
import { repairNow } from "./repair.ts"
import { unlockScreen } from "./unlock.tsx"

/** Name of the key that allows changes. */
export const UNLOCK = "unlock"
/** Name of the key that lists the keys. */
export const HELP = "help"

/** Runs what leads away from the screen, unless the screen asks first. */
const leaving = (run: (shell: Shell) => void) => (shell: Shell) => {
  const { asksToLeave = () => run(shell) } = shell.below()
  asksToLeave()
}

/** Returns the global keys. */
export const globalBindings = (screens: readonly Screen[]) =>
  defineBindings<Shell>([
    {
      keys: ["esc"],
      label: "back",
      footer: "kept",
      help: "back to the previous screen",
      possible: shell => shell.canGoBack(),
      run: leaving(shell => shell.back()),
    },
    {
      keys: ["?"],
      label: HELP,
      footer: "kept",
      help: "the keys of this screen",
      run: shell => shell.push(helpScreen, undefined),
    },
    {
      keys: [":"],
      label: "palette",
      footer: "kept",
      help: "go to a screen or run an action by its name",
      run: leaving(shell => shell.push(paletteScreen, undefined)),
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
      keys: ["ctrl-x"],
      label: UNLOCK,
      now: ({ guard }) => (guard.isUnlocked ? "lock again" : undefined),
      footer: "kept",
      help: "allow changes until you leave opsdeck; again, disallow them",
      possible: ({ guard }) => (guard.isLocked ? (guard.staysReadOnly ?? true) : guard.isUnlocked),
      run: ({ guard, push }) => (guard.isUnlocked ? guard.lock() : push(unlockScreen, undefined)),
    },
    {
      keys: ["R"],
      label: "retry",
      changes: true,
      footer: "urgent",
      help: "retry the pending writes to Redis",
      possible: ({ owed }) => owed.states.snapshot.length > 0,
      run: shell => void repairNow(shell),
    },
    {
      keys: ["q"],
      label: "leave",
      now: shell => (shell.canGoBack() ? "close" : undefined),
      footer: "kept",
      help: "close the screen; on the screen of a tab, leave opsdeck",
      run: leaving(shell => (shell.canGoBack() ? shell.back() : shell.quit())),
    },
    {
      keys: ["Y"],
      label: "share",
      help: "show the equivalent command",
      run: share,
    },
    {
      keys: ["!"],
      label: "alerts",
      help: "alert rules and their states; add and remove rules",
      run: shell => shell.push(alertsScreen, {}),
    },
    {
      keys: ["&"],
      label: "holds",
      help: "what is held at the gateway, with the requests refused since, and its release",
      run: leaving(shell => shell.open("holds", undefined)),
    },
    {
      keys: ["$"],
      label: "cost by user",
      help: "users by what their runs of the last day cost",
      run: leaving(shell => shell.open("runUsers", { since: "1d" })),
    },
    {
      keys: ["W"],
      label: "incident",
      help: "the timeline of the open incident, or all incidents",
      run: leaving(({ incidents, open }) => {
        const { snapshot } = incidents.states
        if (snapshot) open("incident", { id: snapshot.id })
        else open("incidents", undefined)
      }),
    },
    {
      keys: ["z"],
      label: "local times",
      now: () => (zone.snapshot === "local" ? "UTC times" : undefined),
      help: "show local times; again, UTC",
      run: ({ say }) => {
        zone.set(zone.snapshot === "UTC" ? "local" : "UTC")
        say(show(`times are ${zone.snapshot === "UTC" ? "those of UTC" : `local, ${zoneMark(Date.now())}`}`))
      },
    },
    {
      keys: ["ctrl-c"],
      label: "leave opsdeck",
      help: "leave opsdeck, from anywhere",
      inField: true,
      run: leaving(shell => shell.quit()),
    },
    {
      keys: ["ctrl-z"],
      label: "to the shell",
      help: "suspend opsdeck; fg returns",
      inField: true,
      run: shell => shell.suspend(),
    },
    ...screens.map(
      (screen): Binding<Shell> => ({
        keys: [screen.tabKey as Chord],
        label: screen.title,
        help: screen.summary,
        run: leaving(shell => shell.goTo(screen)),
      }),
    ),
  ])

/** Returns all keys that a key map can change, by scope. */
export const scopesOf = (screens: readonly Screen[], destinations: DestinationScreens) =>
  new Map<string, readonly Binding<never>[]>([
    ...[...screens, ...Object.values(destinations)]
      .flatMap(screen => [screen, ...(screen.pane ? [screen.pane] : [])])
      .map(({ scope, bindings }) => [scope, bindings] as const),
    [EVERYWHERE, globalBindings(screens)],
  ])

function share({ below, push, say }: Shell): void {
  const { command, screen } = below()
  if (command) push(shareScreen, command)
  else say(shown`share: no command is equivalent to ${show(screen.title)}`, "look")
}

const hasSearch = (shell: Shell) => shell.below().keys.some(({ name }) => name === "search" || name === "filter")
