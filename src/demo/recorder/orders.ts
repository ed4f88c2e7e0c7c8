import type { StreamInfo } from "../../adapters/redis/stream-info.ts"
import type { Member } from "../traffic/clients.ts"
import type { Story } from "../traffic/story.ts"

/** What the process that makes the past and records is told at its start; it comes as the one message to it. */
export interface RecorderOrders {
  /** The history, which is made. */
  readonly directory: string
  /** The gateway's Redis, and the key of its stream, as it was made. */
  readonly redisUrl: string
  readonly key: string
  readonly stream: StreamInfo
  readonly members: readonly Member[]
  readonly seed: number
  readonly rate: number
  readonly story?: Story | undefined
}

/** Its one answer: the history is whole, and has what the stream held. */
export const CAUGHT_UP = "caught up"

/** Limits of the demo's history. */
export const LIMITS = { days: 7, bytes: 1e9 } as const
