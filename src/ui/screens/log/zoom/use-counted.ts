import { useEffect, useReducer, useRef, useState } from "react"
import { asDeckError } from "../../../../domain/errors.ts"
import { useShell } from "../../../kit/shell.ts"

/** What takes no longer is not announced. */
const QUICK_MS = 200
/** Answers that are kept of other questions. */
const MOST_KEPT = 12

/** A question to the history. */
export interface Question<Answer> {
  /** What is asked, in words: answers are kept by it. */
  readonly key: string
  /** Questions of one group follow one another: the last answer is shown until the next is there. */
  readonly group: string
  /** Asks; the signal ends the engine's query. */
  readonly ask: (signal: AbortSignal) => Promise<Answer>
  /** How often it is asked again, in ms; undefined where the answer does not change. */
  readonly everyMs: number | undefined
}

function keep<Answer>(kept: Map<string, Answer>, key: string, answer: Answer): void {
  kept.delete(key)
  kept.set(key, answer)
  for (const oldest of [...kept.keys()].slice(0, -MOST_KEPT)) kept.delete(oldest)
}

/** Asks the history while a screen shows the answer, and quietly again every so often, while somebody sees it. */
export function useCounted<Answer>(question: Question<Answer> | undefined) {
  const { presence } = useShell()
  const [kept] = useState(() => new Map<string, Answer>())
  const [, redraw] = useReducer((times: number) => times + 1, 0)
  const [failure, isSlow] = [useRef<string>(undefined), useRef(false)]
  const newest = useRef(question)
  newest.current = question
  const key = question?.key
  useEffect(() => {
    failure.current = undefined
    isSlow.current = false
    const asked = newest.current
    if (key === undefined || (asked?.everyMs === undefined && kept.has(key))) return
    const ending = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const slow = setTimeout(() => {
      isSlow.current = true
      redraw()
    }, QUICK_MS)
    const count = async () => {
      const { ask, everyMs } = newest.current as Question<Answer>
      const { isIdle, isHidden } = presence.states.snapshot
      try {
        if (!isIdle && !isHidden) {
          const answer = await ask(ending.signal)
          keep(kept, key, answer)
          failure.current = undefined
        }
      } catch (thrown) {
        failure.current = asDeckError(thrown).message
      }
      clearTimeout(slow)
      if (ending.signal.aborted) return
      redraw()
      if (everyMs !== undefined) timer = setTimeout(() => void count(), everyMs)
    }
    void count()
    return () => {
      ending.abort()
      clearTimeout(timer)
      clearTimeout(slow)
    }
  }, [key, presence, kept, failure, isSlow])
  const last = useRef<{ readonly group: string; readonly answer: Answer }>(undefined)
  const counted = question && kept.get(question.key)
  if (question && counted !== undefined) last.current = { group: question.group, answer: counted }
  return {
    /** Asks something else, or has it from before; the answer is kept for when it is shown. Throws what `ask` does. */
    async read({ key, ask, everyMs }: Question<Answer>, signal: AbortSignal): Promise<Answer> {
      const before = everyMs === undefined ? kept.get(key) : undefined
      if (before !== undefined) return before
      const answer = await ask(signal)
      keep(kept, key, answer)
      return answer
    },
    /** The answer, or the last one of the group; undefined until there is one. */
    answer: counted ?? (question && last.current?.group === question.group ? last.current.answer : undefined),
    failure: failure.current,
    isSlow: isSlow.current,
  }
}
