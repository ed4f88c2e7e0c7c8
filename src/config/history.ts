import { accessSync, constants } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import { historyDirectories, INCIDENTS, ownIncidents, type Variables } from "./paths.ts"
import type { Settings } from "./settings.ts"

/** Where the log's history is, and how much of it is kept. */
export interface HistorySettings {
  /** Absolute path. */
  readonly directory: string
  /** Absolute path of the incidents that were written down, beside it. */
  readonly incidents: string
  /** The group of this host that may read it besides its owner, and write incidents down with them. */
  readonly group?: string
  /** Limits: what is older, or more, is dropped. */
  readonly days: number
  readonly bytes: number
}

const GIGABYTE = 1e9

export function historySettings(settings: Settings, profile: string | undefined, env: Variables): HistorySettings {
  const { history, historyGroup, historyDays = 7, historyGigabytes = 10 } = settings
  const name = profile ?? "default"
  const directory = history === undefined ? usual(historyDirectories(env, name)) : resolve(history)
  const isShared = historyGroup !== undefined
  return {
    directory,
    incidents:
      isShared || allows(dirname(directory), constants.W_OK) ? incidentsBeside(directory) : ownIncidents(env, name),
    ...(historyGroup === undefined ? {} : { group: historyGroup }),
    days: historyDays,
    bytes: historyGigabytes * GIGABYTE,
  }
}

const usual = (directories: readonly string[]) =>
  directories.find(path => allows(path, constants.R_OK)) ?? (directories.at(-1) as string)

/** Where the incidents of a history are. */
export const incidentsBeside = (directory: string) => join(dirname(directory), INCIDENTS, basename(directory))

/** Whether a directory is there, and may be entered and used so; one that is missing is made, within the nearest above it. */
function allows(path: string, use: number): boolean {
  try {
    accessSync(path, use | constants.X_OK)
    return true
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT"
    return isMissing && use === constants.W_OK && allows(dirname(path), use)
  }
}
