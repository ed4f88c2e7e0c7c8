import { spanOf } from "./span.ts"

/** A PostgreSQL that follows another one and takes no changes: a standby, as it said last. */
export interface Replica {
  /** Seconds that it shows less than its primary at most; null where it cannot know. */
  readonly lagS: number | null
  /** Host and port of the server that it gets its changes from, where the role may know. */
  readonly follows: string | null
}

/** How far behind a replica is, in words: `3 s behind`, `up to date`. */
export function lagOf({ lagS }: Replica): string {
  if (lagS === null) return "how far behind is unknown"
  return lagS < 1 ? "up to date" : `${spanOf(lagS * 1000)} behind`
}

/** Why nothing can be changed on a replica, and where the changes are made. */
export const takesNoChanges = ({ follows }: Replica): string =>
  follows === null
    ? "PostgreSQL here is a replica: changes are made on its primary"
    : `PostgreSQL here is a replica of ${follows}: changes are made there`
