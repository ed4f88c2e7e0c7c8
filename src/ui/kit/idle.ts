import { type Dispatch, useEffect, useReducer } from "react"
import { useStore } from "../runtime/use-store.ts"
import type { FormAction } from "./form/form-state.ts"
import { useScreenRef, useShell } from "./shell.ts"

/** Tells whether the console was idle since this screen was opened, or since its operator came back to it. */
export function useIdle(): readonly [wasLeft: boolean, comeBack: () => void] {
  const { timesIdle } = useStore(useShell().guard.states)
  const back = useScreenRef("came back", () => timesIdle)
  const [, redraw] = useReducer((times: number) => times + 1, 0)
  const comeBack = () => {
    back.current = timesIdle
    redraw()
  }
  return [timesIdle !== back.current, comeBack]
}

/** Empties the secret fields of a form once the console was idle. */
export function useForgetSecrets(dispatch: Dispatch<FormAction>): void {
  const [wasLeft, comeBack] = useIdle()
  useEffect(() => {
    if (!wasLeft) return
    dispatch({ type: "forget" })
    comeBack()
  })
}
