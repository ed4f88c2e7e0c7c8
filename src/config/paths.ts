import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"

export type Variables = Readonly<Record<string, string | undefined>>

/** The home directory: `HOME`, else the account's; `/` for an account that has none, as in containers. */
export function homeDirectory(env: Variables): string {
  if (env.HOME) return env.HOME
  try {
    return homedir()
  } catch {
    return "/"
  }
}

/** Returns a directory of the XDG base directory specification, which says to ignore relative paths. */
function base(env: Variables, variable: string, fallback: string): string {
  const path = env[variable]
  return path && isAbsolute(path) ? path : join(homeDirectory(env), fallback)
}

/** File with the profiles: that of `OPSDECK_CONFIG`, else the user's. */
export const configFilePath = (env: Variables) =>
  env.OPSDECK_CONFIG || join(base(env, "XDG_CONFIG_HOME", ".config"), "opsdeck/config.json")

/** Directory of data that can be fetched again: the PostgreSQL installed by the demo. */
export const cacheDirectory = (env: Variables) => join(base(env, "XDG_CACHE_HOME", ".cache"), "opsdeck")

/** File with the history of input fields. */
export const historyFilePath = (env: Variables) => join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/history")

/** File with the columns that were chosen on screens. */
export const columnsFilePath = (env: Variables) =>
  join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/columns.json")

/** Directory for what a service of this host keeps, as the recorder's unit has it. */
const SERVICE_STATE = "/var/lib/opsdeck"

/** Name of the directory of incidents, beside the histories of logs. */
export const INCIDENTS = "incidents"

/** Directory for the incidents of `name` where the history is not the user's own. */
export const ownIncidents = (env: Variables, name: string): string =>
  join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/log", INCIDENTS, name)

/** Directories for the history of the log `name`, the first that exists and is readable counts, else the last. */
export const historyDirectories = (env: Variables, name: string): readonly string[] => [
  join(SERVICE_STATE, "log", name),
  join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/log", name),
]

/** File of diagnostics about the program, never about what an operator views. */
export const logFilePath = (env: Variables) => join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/opsdeck.log")
