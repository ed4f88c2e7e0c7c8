import type { AccessLogEntry } from "../../../domain/access-log.ts"
import { isUuid } from "../../../domain/uuid.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Shell } from "../../shell/shell-context.ts"

/** Whose request it was, as far as that can be opened: anybody may write anything into the stream. */
const userOf = ({ user_id }: AccessLogEntry) => isUuid(user_id)
const orgOf = ({ org_id }: AccessLogEntry) => isUuid(org_id)

/** The ways from a request to whoever made it; `entryOf` gives the request, undefined where there is none. */
export function entryLinks<Model>(
  entryOf: (model: Model) => AccessLogEntry | undefined,
  shellOf: (model: Model) => Shell,
): readonly Binding<Model>[] {
  const possible = (can: (entry: AccessLogEntry) => boolean, otherwise: string) => (model: Model) => {
    const entry = entryOf(model)
    return entry === undefined ? "this row is no request" : can(entry) || otherwise
  }
  const run = (open: (entry: AccessLogEntry, shell: Shell) => void) => (model: Model) => {
    const entry = entryOf(model)
    if (entry) open(entry, shellOf(model))
  }
  const openOrg = ({ org_id }: AccessLogEntry, shell: Shell) => shell.open("org", { org_id })
  return [
    {
      keys: ["u"],
      label: "user",
      footer: true,
      help: "who made this request; of an API key, its organization",
      possible: possible(entry => userOf(entry) || orgOf(entry), "nobody was signed in"),
      run: run((entry, shell) => (userOf(entry) ? shell.open("user", { id: entry.user_id }) : openOrg(entry, shell))),
    },
    {
      keys: ["o"],
      label: "organization",
      help: "the organization this request was made in",
      possible: possible(orgOf, "this request names no organization"),
      run: run(openOrg),
    },
  ]
}
