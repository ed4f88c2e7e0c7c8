import { DeckError } from "../../domain/errors.ts"

/** A platform has one gateway, without a name. */
export const THE_GATEWAY = ""

/** Whose log a history holds. */
export interface LogOwner {
  /** Name of the gateway; empty where a platform has one without a name. */
  readonly gateway: string
  /** Key of its stream. */
  readonly stream: string
  /** `host:port/database` of the Redis that holds the stream. */
  readonly redis: string
}

/** Refuses to write to the history at `place` what is not of the log that it holds; `remedy` is for one that has moved. */
export function refuseForeign(place: string, found: LogOwner, own: LogOwner, remedy: string): void {
  if (found.stream === own.stream && found.redis === own.redis) return
  throw new DeckError(
    "conflict",
    `${place} holds the log of ${found.stream} on ${found.redis}, not of ${own.stream} on ${own.redis}: ` +
      `use another --history, or, where the stream has moved, ${remedy}`,
    { field: "history" },
  )
}
