import { useEffect, useRef } from "react"
import { shown } from "../../domain/safe-text.ts"
import type { Shell } from "../kit/shell.ts"
import { useStore } from "../runtime/use-store.ts"
import { reauthenticationScreen } from "./reauthentication.tsx"

/** Closes dialogs once the console was idle, and asks for the operator before the next change. */
export function useGuards({ guard, push, say }: Shell, closeDialogs: () => void): void {
  const { timesIdle, isConfirming } = useStore(guard.states)
  const known = useRef(timesIdle)
  useEffect(() => {
    if (known.current === timesIdle) return
    known.current = timesIdle
    closeDialogs()
    say(shown`left alone: dialogs are closed, and the next change asks who is there`, "look")
  })
  useEffect(() => {
    if (isConfirming) push(reauthenticationScreen, undefined)
  }, [isConfirming, push])
}
