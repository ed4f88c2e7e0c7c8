import { accessSync, constants } from "node:fs"
import { resolve } from "node:path"
import { historyDirectories, type Variables } from "./paths.ts"
import type { Settings } from "./settings.ts"

/** Where the log's history is, and how much of it is kept. */
export interface HistorySettings {
  /** Absolute path. */
  readonly directory: string
  /** The group of this host that may read it besides its owner. */
  readonly group?: string
  /** Limits: what is older, or more, is dropped. */
  readonly days: number
  readonly bytes: number
}

const GIGABYTE = 1e9

export function historySettings(settings: Settings, profile: string | undefined, env: Variables): HistorySettings {
  const { history, historyGroup, historyDays = 7, historyGigabytes = 10 } = settings
  return {
    directory: history === undefined ? usual(historyDirectories(env, profile ?? "default")) : resolve(history),
    ...(historyGroup === undefined ? {} : { group: historyGroup }),
    days: historyDays,
    bytes: historyGigabytes * GIGABYTE,
  }
}

const usual = (directories: readonly string[]) => directories.find(isReadable) ?? (directories.at(-1) as string)

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
