import type { StreamInfo } from "../../adapters/redis/stream-info.ts"
import type { Member } from "../traffic/clients.ts"
import type { Story } from "../traffic/story.ts"

/** A gateway whose past is made, and which is recorded. */
interface RecordedGateway {
  /** Empty where there is one that has none. */
  readonly name: string
  readonly redisUrl: string
  /** Key of its stream. */
  readonly key: string
  /** The stream as it was made. */
  readonly stream: StreamInfo
}

/** What the process that makes the past and records is told at its start; it comes as the one message to it. */
export interface RecorderOrders {
  /** The history, which is made. */
  readonly directory: string
  readonly gateways: readonly RecordedGateway[]
  readonly members: readonly Member[]
  readonly seed: number
  /** Requests a second of all gateways, on average. */
  readonly rate: number
  readonly story?: Story | undefined
}

/** Its one answer: the history is whole, and has what the stream held. */
export const CAUGHT_UP = "caught up"

/** Limits of the demo's history. */
export const LIMITS = { days: 7, bytes: 1e9 } as const
