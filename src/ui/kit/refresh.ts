import { useContext, useState } from "react"
import { useStore } from "../runtime/use-store.ts"
import { HasKeyboard } from "../widgets/line.tsx"
import { useShell } from "./shell.ts"

/**
 * Returns the interval at which a screen reads again what it shows, in ms; false while nobody looks, while a dialog is
 * open over it, and while it `isBusy`, as with a text that is being typed.
 */
export function useQuietRefresh(isBusy = false): number | false {
  const { presence } = useShell()
  const { isIdle, isHidden } = useStore(presence.states)
  const isInnermost = useContext(HasKeyboard)
  return !isBusy && isInnermost && !isIdle && !isHidden && presence.everyMs
}

/** Returns `refresh`, and whether that was asked for and is under way: a quiet refresh is not told. */
export function useAskedRefresh(refetch: () => Promise<unknown>): readonly [isUnderWay: boolean, refresh: () => void] {
  const [asked, setAsked] = useState(0)
  const refresh = () => {
    setAsked(count => count + 1)
    void refetch().finally(() => setAsked(count => count - 1))
  }
  return [asked > 0, refresh]
}
