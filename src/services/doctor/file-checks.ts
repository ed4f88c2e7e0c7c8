import { type Stats, statSync } from "node:fs"
import { passwordFile } from "../../adapters/postgres/password.ts"
import { configFilePath } from "../../config/paths.ts"
import { ignoredNote } from "../../config.ts"
import { type Finding, failure, ok, warning } from "../../domain/check.ts"
import type { ExaminationContext } from "../operation.ts"
import type { Check } from "./check.ts"

/** Others must not change where opsdeck connects; the start itself rejects secrets that others can read. */
const configuration = fileCheck(
  "configuration",
  ({ host }) => configFilePath(host.env),
  (path, stats) => {
    if (stats.mode & 0o022) return failure(`others can write ${path}`, `chmod go-w ${path}`)
    return ok(`${path}, mode ${modeOf(stats)}`)
  },
)

const variables: Check = {
  area: "files",
  name: "variables",
  look: ({ config: { ignored } }) =>
    ignored === undefined
      ? ok("none is ignored")
      : warning(ignoredNote(ignored), `unset ${ignored.join(" ")}, or leave out --profile`),
}

const key = fileCheck("key", ({ config }) => config.apiKeyFile, ownOnly)

/** libpq and opsdeck ignore it while others can read it. */
const passwords = fileCheck("passwords", ({ host }) => passwordFile(host.env), ownOnly)

const log = fileCheck("log", ({ config }) => config.logFile, ownOnly)

const history = fileCheck("history", ({ config }) => config.historyFile, ownOnly)

export const fileChecks: readonly Check[] = [configuration, variables, key, passwords, log, history]

function fileCheck(
  name: string,
  pathOf: (context: ExaminationContext) => string | undefined,
  judge: (path: string, stats: Stats) => Finding,
): Check {
  return {
    area: "files",
    name,
    look(context) {
      const path = pathOf(context)
      const stats = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false })
      if (path === undefined || stats === undefined) return ok(path === undefined ? "none configured" : `no ${path}`)
      const foreign = ![0, process.getuid?.()].includes(stats.uid)
      return foreign ? warning(`${path} belongs to another user`, `chown "$USER" ${path}`) : judge(path, stats)
    },
  }
}

function ownOnly(path: string, stats: Stats): Finding {
  if (stats.mode & 0o077) return warning(`others can access ${path}`, `chmod 600 ${path}`)
  return ok(`${path}, mode ${modeOf(stats)}`)
}

const modeOf = ({ mode }: Stats) => (mode & 0o777).toString(8).padStart(4, "0")
