import type { GapReason } from "../adapters/history/extent.ts"
import type { Gap } from "../adapters/redis/gap.ts"
import type { AlertChange } from "../domain/alerts/rule-watch.ts"
import { StreamEntry } from "../domain/stream-entry.ts"

/** Row between entries: requests lost unread, a recreated stream, or an alert that began or ended; of several gateways it says which. */
export type Marker = What & { readonly gateway?: string }

type What =
  | ({ readonly kind: "gap" } & Gap)
  /** In the history it says when that was seen, in ms since the epoch. */
  | { readonly kind: "reset"; readonly atMs?: number }
  /** Requests that are in no history: how many (0: not known), between which ids (null: the stream ended), and why. */
  | {
      readonly kind: "unrecorded"
      readonly lost: number
      readonly from: string
      readonly to: string | null
      readonly reason: GapReason | "not_yet"
    }
  /** The history ends here, and the stream begins; since when nothing is missing before, in ms since the epoch. */
  | { readonly kind: "seam"; readonly since: number | null }
  /** A file of the history that cannot be read. */
  | { readonly kind: "unreadable"; readonly file: string }
  /** Ids are ahead of Redis's clock from here on. */
  | { readonly kind: "ahead"; readonly aheadMs: number }
  /** The requests of a gateway that follow are older than those of others above: it was out of reach, or its clock is behind. */
  | { readonly kind: "late"; readonly byMs: number }
  /** A gateway's log begins there; what is older is of the others. */
  | { readonly kind: "begins" }
  /** What a gateway holds from there on could not be read, and is left out. */
  | { readonly kind: "unreachable"; readonly reason: string }
  | ({ readonly kind: "alert" } & AlertChange)

/** What the log holds: a request, or what lies between two of them. */
export type Held = StreamEntry | Marker

export const isEntry = (held: Held): held is StreamEntry => held instanceof StreamEntry

export const isReset = (held: Held): boolean => !isEntry(held) && held.kind === "reset"
