import { existsSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"

const SOURCES = ["src", "scripts", "package.json", "package-lock.json"]

/**
 * Is dist/ newer than everything it is made of? Directories count too: they change when a file goes away.
 * @param {string} root where the project lies
 */
export function buildIsFresh(root) {
  const built = join(root, "dist", "main.js")
  if (!existsSync(built)) return false
  return Math.max(...SOURCES.map(name => newestChange(join(root, name)))) <= statSync(built).mtimeMs
}

/** @param {string} path @returns {number} milliseconds since the epoch */
function newestChange(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return Math.max(mtimeMs, ...readdirSync(path).map(name => newestChange(join(path, name))))
}
