import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { requestFields } from "./requests.ts"

const run = promisify(execFile)

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** Returns what reads the requests with GoAccess, as a web server would have written them, and answers in how many ms; undefined where it is not installed. */
export async function goAccessOf(
  entries: number,
): Promise<{ readMs(): Promise<number>; end(): Promise<void> } | undefined> {
  const isThere = await run("goaccess", ["--version"]).then(
    () => true,
    () => false,
  )
  if (!isThere) return undefined
  const directory = await mkdtemp(join(tmpdir(), "opsdeck-bench-"))
  const [log, report] = [join(directory, "access.log"), join(directory, "report.json")]
  const end = () => rm(directory, { recursive: true })
  const lines = Array.from({ length: entries }, (_, n) => lineOf(requestFields(n)))
  await writeFile(log, lines.join("")).catch(error => end().then(() => Promise.reject(error)))
  return {
    async readMs() {
      const started = performance.now()
      await run("goaccess", [log, "--log-format=COMBINED", "--no-progress", "--no-global-config", `--output=${report}`])
      const ms = performance.now() - started
      const { general } = JSON.parse(await readFile(report, "utf8"))
      if (general.valid_requests !== entries)
        throw new Error(`GoAccess counted ${general.valid_requests} of ${entries}`)
      return ms
    },
    end,
  }
}

/** The combined log format of web servers. */
function lineOf({ ts = "", method, path, status, client_ip, user_agent }: Record<string, string>): string {
  const at = new Date(ts)
  const day = `${String(at.getUTCDate()).padStart(2, "0")}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`
  return `${client_ip} - - [${day}:${ts.slice(11, 19)} +0000] "${method} ${path} HTTP/1.1" ${status} 512 "-" "${user_agent}"\n`
}
