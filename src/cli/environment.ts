import type { Config } from "../config.ts"
import { DeckError } from "../domain/errors.ts"
import { type Replica, takesNoChanges } from "../domain/replica.ts"
import type { Environment } from "../services/environment.ts"

/** Environment of a command: its name, and why it is read-only. */
export function commandEnvironment({ environment, profile, readOnly, ehloName, largeGrant }: Config): Environment {
  let replica: Replica | undefined
  return {
    name: environment,
    profile,
    get readOnly() {
      return readOnly ? REFUSALS[readOnly] : replica && `nothing was changed: ${takesNoChanges(replica)}`
    },
    get replica() {
      return replica
    },
    heed(now) {
      replica = now
    },
    ehloName,
    largeGrant,
  }
}

/** Throws DeckError "read_only" for a program that makes changes without being an operation. */
export function refuseReadOnly(readOnly: Config["readOnly"]): void {
  if (readOnly !== undefined) throw new DeckError("read_only", REFUSALS[readOnly])
}

const REFUSALS: Readonly<Record<NonNullable<Config["readOnly"]>, string>> = {
  option: "nothing was changed: --read-only is set; remove it to make changes",
  profile: "nothing was changed: the profile is read-only; override it with --no-read-only",
}
