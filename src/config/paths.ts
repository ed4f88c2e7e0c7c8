import { homedir } from "node:os"
import { isAbsolute, join } from "node:path"

export type Variables = Readonly<Record<string, string | undefined>>

/** A directory of the XDG base directory specification, which says to ignore relative paths. */
function base(env: Variables, variable: string, fallback: string): string {
  const path = env[variable]
  return path && isAbsolute(path) ? path : join(env.HOME || homedir(), fallback)
}

export const configFilePath = (env: Variables) => join(base(env, "XDG_CONFIG_HOME", ".config"), "opsdeck/config.json")

/** What can be had again: the PostgreSQL that the demonstration installed. */
export const cacheDirectory = (env: Variables) => join(base(env, "XDG_CACHE_HOME", ".cache"), "opsdeck")

/** What the fields that remember were given. */
export const recallFilePath = (env: Variables) => join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/history")

/** Where diagnostics go: what happened to the program, never what an operator looks at. */
export const logFilePath = (env: Variables) => join(base(env, "XDG_STATE_HOME", ".local/state"), "opsdeck/opsdeck.log")
