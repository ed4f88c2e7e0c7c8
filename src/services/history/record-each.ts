import { setTimeout as delay } from "node:timers/promises"
import type { HistoryPlace, HistorySettings } from "../../config/history.ts"
import { asDeckError, DeckError } from "../../domain/errors.ts"
import { record } from "./record.ts"
import { MOST_BYTES, type Recording } from "./recorder.ts"

/** Time to another try of a recorder that was refused. */
const AGAIN_MS = 10_000

/** All together hold no more while nothing can be written. */
const HELD_BYTES = 128 << 20

/** What is recorded of a gateway that has a name. */
export type NamedRecording = Recording & { readonly gateway: string }

/**
 * Records several gateways into one history, a recorder each, until the signals of all have fired. One that is refused is tried again
 * as long as another is at work. Throws DeckError as `record` does, once none is at work, or where one could not write all that it read.
 */
export async function recordEach(
  history: HistoryPlace & Partial<Pick<HistorySettings, "incidents">>,
  recordings: readonly NamedRecording[],
  againMs = AGAIN_MS,
): Promise<void> {
  /** The gateways that nobody records here now. */
  const refused = new Set<string>()
  const noneLeft = new AbortController()
  const mostBytes = Math.min(MOST_BYTES, HELD_BYTES / recordings.length)

  async function keepRecording(recording: NamedRecording): Promise<void> {
    const { gateway } = recording
    const signal = AbortSignal.any([recording.signal, noneLeft.signal])
    const say = (message: string) => recording.say(`${gateway}: ${message}`)
    for (let told = ""; ; ) {
      try {
        return await record(history, { ...recording, mostBytes, signal, say }, () => refused.delete(gateway))
      } catch (error) {
        const { code, message } = asDeckError(error)
        refused.add(gateway)
        if (refused.size === recordings.length) noneLeft.abort()
        if (!signal.aborted) {
          if (message !== told) say(`${message}; trying again`)
          told = message
          await delay(againMs, undefined, { signal }).catch(() => {})
          // The others have written everything by themselves.
          if (recording.signal.aborted) return
        }
        if (signal.aborted) throw new DeckError(code, `${gateway}: ${message}`, { cause: error })
      }
    }
  }

  const ended = await Promise.allSettled(recordings.map(keepRecording))
  for (const one of ended) if (one.status === "rejected") throw one.reason
}
