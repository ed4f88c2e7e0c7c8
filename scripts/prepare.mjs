// Makes a clone ready to run: packages, a Redis server, the build; says nothing when all of it is there.
// Runs on the machine's own Node before node_modules exists, so it uses built-ins alone. `--no-build` leaves dist/ alone;
// `--pgbouncer`, `--clickhouse` and `--unterm` want these programs as well, and go on without.
import { spawnSync } from "node:child_process"
import { accessSync, constants, existsSync, readFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildIsFresh } from "./freshness.mjs"

const OLDEST_NODE = 20

/** By apt-get. What comes with it is a service: it must not stay running. */
const byApt = name => `
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update || true
  apt-get -qq install --yes --no-install-recommends ${name} || exit 1
  if [ -d /run/systemd/system ]; then systemctl disable --now ${name}
  elif service ${name} status; then service ${name} stop
  fi
  exit 0`

const REDIS = {
  name: "redis-server",
  programs: ["redis-server", "valkey-server"],
  by: {
    "apt-get": byApt("redis-server"),
    dnf: "dnf install --assumeyes valkey || dnf install --assumeyes redis",
    apk: "apk add redis || apk add valkey",
    brew: "brew install redis",
  },
}

/** The suite of faults alone has a use for it, and goes without where it cannot be had. */
const PGBOUNCER = {
  name: "pgbouncer",
  programs: ["pgbouncer"],
  by: {
    "apt-get": byApt("pgbouncer"),
    dnf: "dnf install --assumeyes pgbouncer",
    apk: "apk add pgbouncer",
    brew: "brew install pgbouncer",
  },
}

/** The tests of a history in it are skipped where it cannot be had. */
const CLICKHOUSE = {
  name: "clickhouse-server",
  programs: ["clickhouse-server"],
  by: { "apt-get": byApt("clickhouse-server") },
}

/** A terminal with left and right margins; what is tested in it is skipped where it cannot be had. */
const UNTERM = {
  name: "unterm",
  programs: ["unterm"],
  by: { "apt-get": byApt("libvterm-bin") },
}

/** What is asked for by an option, and what is said where it cannot be had. */
const OPTIONAL = [
  ["--pgbouncer", PGBOUNCER, "what goes through it is left out"],
  ["--clickhouse", CLICKHOUSE, "what is tested on it is left out"],
  ["--unterm", UNTERM, "what is tested in it is left out"],
]

/** Where packages put what is for administrators, whose PATH it is on. */
const ADMINISTRATORS = ["/usr/sbin", "/usr/local/sbin"]

const root = join(dirname(fileURLToPath(import.meta.url)), "..")

checkNode()
if (!packagesMatch()) installPackages()
const noRedis = install(REDIS)
if (noRedis) fail(`${noRedis}: install redis-server or valkey-server and run this again`)
for (const [option, server, without] of OPTIONAL) {
  const lack = process.argv.includes(option) && install(server, ADMINISTRATORS)
  if (lack) say(`${lack}: ${without}`)
}
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

/** Installs a server by package manager where it is neither on the PATH nor in `directories`; answers what kept it from that. */
function install({ name, programs, by }, directories = []) {
  const isThere = () => programs.some(program => onPath(program, directories))
  if (isThere()) return undefined
  const manager = Object.keys(by).find(program => onPath(program))
  if (!manager) return `there is no ${name} on the PATH and no package manager known here`
  const mayInstall = manager === "brew" || process.getuid() === 0
  if (!mayInstall && !onPath("sudo")) return `there is no ${name} on the PATH, nor root or sudo to install it`
  say(`there is no ${name} on the PATH: installing one with ${mayInstall ? "" : "sudo "}${manager}`)
  // Without a terminal nobody can type a password, and sudo must not wait for one.
  const sudo = mayInstall ? [] : process.stdin.isTTY ? ["sudo"] : ["sudo", "-n"]
  const [command, ...args] = [...sudo, "sh", "-c", by[manager]]
  if (!succeeds(command, args)) return `${name} could not be installed`
  return isThere() ? undefined : `${manager} installed no ${name} that is on the PATH`
}

function onPath(program, directories = []) {
  return [...process.env.PATH.split(delimiter), ...directories].some(directory => {
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

function run(command, args, env) {
  if (!succeeds(command, args, env)) fail(`"${command} ${args.join(" ")}" failed`)
}

/** Runs a command quietly; when it fails, what it said is worth reading. */
function succeeds(command, args, env = process.env) {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: ["ignore", "pipe", "pipe"],
  })
  if (status === 0) return true
  if (signal) process.exit(130)
  process.stderr.write(error ? `${error.message}\n` : `${stdout}${stderr}`)
  return false
}

function say(text) {
  process.stderr.write(`opsdeck: ${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
