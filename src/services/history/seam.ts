import type { Held } from "../../adapters/history/store.ts"
import type { Gateway } from "../../adapters/redis/connections.ts"
import type { Gap } from "../../adapters/redis/gap.ts"
import { StreamLedger } from "../../adapters/redis/ledger.ts"
import { LOWEST_ID } from "../../adapters/redis/stream-ids.ts"
import { type StreamInfo, streamInfoOf } from "../../adapters/redis/stream-info.ts"

/** Where the history ends and the stream goes on. */
export interface Seam {
  readonly info: StreamInfo
  /** Whether the stream was made anew since, or is gone: all of the history is older than it. */
  readonly isAnother: boolean
  /** The history holds nothing behind this id of the stream. */
  readonly after: string
  /** What is in neither. */
  readonly gap: Gap | undefined
}

/** Compares the stream with the history, by the accounts that the next recorder would go on with. */
export async function seamOf({ client, stream }: Gateway, held: Held, signal: AbortSignal): Promise<Seam> {
  const info = await streamInfoOf(client, stream, signal)
  const ledger = new StreamLedger({ resume: held.position }, info)
  const { reset, gap } = ledger.examine(info, 0, false)
  const isAnother = reset || !info.exists
  return { info, isAnother, after: isAnother ? LOWEST_ID : held.position.cursor, gap }
}
