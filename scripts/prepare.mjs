// Makes a clone ready to run: packages, a Redis server, the build; says nothing when all of it is there.
// Runs on the machine's own Node before node_modules exists, so it uses built-ins alone. `--no-build` leaves dist/ alone.
import { spawnSync } from "node:child_process"
import { accessSync, constants, existsSync, readFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildIsFresh } from "./freshness.mjs"

const OLDEST_NODE = 20
const REDIS_SERVERS = ["redis-server", "valkey-server"]

/** Installs a Redis server, by package manager. What comes with apt is a service: it must not stay running. */
const INSTALL_REDIS = {
  "apt-get": `
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update || true
    apt-get -qq install --yes --no-install-recommends redis-server || exit 1
    if [ -d /run/systemd/system ]; then systemctl disable --now redis-server
    elif service redis-server status; then service redis-server stop
    fi
    exit 0`,
  dnf: "dnf install --assumeyes valkey || dnf install --assumeyes redis",
  apk: "apk add redis || apk add valkey",
  brew: "brew install redis",
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..")

checkNode()
if (!packagesMatch()) installPackages()
if (!REDIS_SERVERS.some(onPath)) installRedis()
if (!process.argv.includes("--no-build") && !buildIsFresh(root)) build()

function checkNode() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    fail(`Node ${OLDEST_NODE} or newer is needed, this is ${process.versions.node}`)
  }
}

/** Does node_modules hold what package-lock.json asks for? npm keeps its own record of what it installed. */
function packagesMatch() {
  const wanted = lockedPackages("package-lock.json")
  const installed = lockedPackages(join("node_modules", ".package-lock.json"))
  if (!existsSync(join(root, "node_modules", ".bin", "node"))) return false
  const same = name =>
    installed[name]?.version === wanted[name]?.version && installed[name]?.integrity === wanted[name]?.integrity
  return (
    Object.keys(installed).every(same) &&
    Object.keys(wanted).every(name => name === "" || same(name) || (wanted[name].optional && !installed[name]))
  )
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages
  } catch {
    return {}
  }
}

function installPackages() {
  say("installing the npm packages, about 20 s")
  // The pinned Node that npm is about to replace must not be the one that runs npm.
  const path = process.env.PATH.split(delimiter).filter(directory => !directory.endsWith(join("node_modules", ".bin")))
  run("npm", ["ci", "--include=dev"], { ...process.env, PATH: path.join(delimiter) })
}

function installRedis() {
  const manager = Object.keys(INSTALL_REDIS).find(onPath)
  const remedy = "install redis-server or valkey-server and run this again"
  if (!manager) fail(`there is no redis-server on the PATH and no package manager known here: ${remedy}`)
  const mayInstall = manager === "brew" || process.getuid() === 0
  if (!mayInstall && !onPath("sudo"))
    fail(`there is no redis-server on the PATH, nor root or sudo to install it: ${remedy}`)
  say(`there is no redis-server on the PATH: installing one with ${mayInstall ? "" : "sudo "}${manager}`)
  // Without a terminal nobody can type a password, and sudo must not wait for one.
  const sudo = mayInstall ? [] : process.stdin.isTTY ? ["sudo"] : ["sudo", "-n"]
  const [command, ...args] = [...sudo, "sh", "-c", INSTALL_REDIS[manager]]
  run(command, args, process.env, `redis-server could not be installed: ${remedy}`)
  if (!REDIS_SERVERS.some(onPath)) fail(`${manager} installed no redis-server that is on the PATH: ${remedy}`)
}

function onPath(program) {
  return process.env.PATH.split(delimiter).some(directory => {
    try {
      accessSync(join(directory, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function build() {
  say("building")
  run("npm", ["run", "build"])
}

/** Runs a command quietly; when it fails, what it said is worth reading. */
function run(command, args, env = process.env, failure = `"${command} ${args.join(" ")}" failed`) {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: ["ignore", "pipe", "pipe"],
  })
  if (status === 0) return
  if (signal) process.exit(130)
  process.stderr.write(error ? `${error.message}\n` : `${stdout}${stderr}`)
  fail(failure)
}

function say(text) {
  process.stderr.write(`opsdeck: ${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
