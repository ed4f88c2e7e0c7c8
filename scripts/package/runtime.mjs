import { execFileSync } from "node:child_process"
import { cpSync } from "node:fs"
import { join } from "node:path"

/**
 * Installs Node and the engines of the history for a platform. npm takes nothing that is not what the lock file of
 * packaging/runtime says, by its SHA-512, and nothing of it is run.
 * @param {string} platform as "linux-x64"
 * @param {string} directory that is empty
 * @returns {string} its node_modules
 */
export function installRuntime(platform, directory) {
  cpSync("packaging/runtime", directory, { recursive: true })
  const [os, cpu] = platform.split("-")
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", `--os=${os}`, `--cpu=${cpu}`, "--libc=glibc"]
  execFileSync("npm", ["ci", "--silent", ...options], { cwd: directory, stdio: ["ignore", "ignore", "inherit"] })
  return join(directory, "node_modules")
}
