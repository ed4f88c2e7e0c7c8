import { useEffect, useRef } from "react"
import type { LogSearch } from "../../../domain/access-log-search.ts"
import { containing } from "../../../domain/access-log-values.ts"
import { asDeckError } from "../../../domain/errors.ts"
import { show } from "../../../domain/safe-text.ts"
import { useRememberedField } from "../../kit/remembered-field.ts"
import { useScreenState, useShell } from "../../kit/shell.ts"

/** Model of the text that is searched for in the log. */
export type FindModel = ReturnType<typeof useFind>

/** Longest wait for PostgreSQL, which is asked for a user of the name: the rows can be searched without. */
const WAIT_MS = 2000

/** Keeps the text of one log screen, which the tail marks rows by while that screen is visible. `goTo` goes to a row with it. */
export function useFind(goTo: (by: 1 | -1 | "nearest") => void) {
  const { tail } = useShell()
  const lookUpUsers = useUserLookup()
  const line = useRememberedField("find")
  const [search, setSearch] = useScreenState<LogSearch | null>("find", () => null)
  const inForce = useRef(search)
  const put = (next: LogSearch | null) => {
    tail.search(next)
    inForce.current = next
    setSearch(() => next)
  }
  useEffect(() => {
    if (inForce.current !== null) tail.search(inForce.current)
    return () => void (inForce.current !== null && tail.search(null))
  }, [tail])
  /** Raised by every search: the users of an earlier one come too late. */
  const asked = useRef(0)
  useEffect(() => () => void asked.current++, [])

  const find = async (text: string) => {
    const mine = ++asked.current
    const users = await lookUpUsers(text)
    if (mine !== asked.current) return
    put({ text, users })
    goTo("nearest")
  }
  const end = () => {
    asked.current++
    if (inForce.current !== null) put(null)
  }
  return {
    line,
    /** Null where nothing is searched for. */
    search,
    open: () => line.open(search?.text),
    apply: () => {
      const text = line.text?.trim() ?? ""
      line.close()
      if (text === "") end()
      else void find(text)
    },
    end,
    step: (by: 1 | -1) => goTo(by),
  }
}

/** Returns a function that looks up the ids of the users a text means: one whose known name has it, or who is called so. */
function useUserLookup() {
  const { deck, names, say } = useShell()
  return async (text: string): Promise<string[]> => {
    const holds = containing(text)
    const known = [...names.states.snapshot.byId].flatMap(([id, name]) => (holds?.(name) ? [id] : []))
    try {
      const { findUsers } = await import("../../../services/users/user-names.ts")
      const found = await deck.run(findUsers, { terms: [text] }, { signal: AbortSignal.timeout(WAIT_MS) })
      return [...new Set([...known, ...[...found.values()].flat()])]
    } catch (error) {
      const { code, message } = asDeckError(error)
      if (code !== "not_found" && code !== "invalid") say(show(`users were not looked up: ${message}`), "look")
      return known
    }
  }
}
