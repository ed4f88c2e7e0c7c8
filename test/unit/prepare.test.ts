import { spawnSync } from "node:child_process"
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"

const LOCK = {
  packages: {
    "": {},
    "node_modules/pg": { version: "8.0.0" },
    "node_modules/other-os": { version: "1.0.0", optional: true },
  },
}
const INSTALLED = { packages: { "node_modules/pg": { version: "8.0.0" } } }

let clone: string
const path = (...parts: string[]) => join(clone, ...parts)
const write = (name: string, text: string) => {
  mkdirSync(dirname(path(name)), { recursive: true })
  writeFileSync(path(name), text)
}
/** Puts a shell script on the PATH; what it echoes to "$CALLS" can be asked for with `calls`. */
const program = (name: string, script: string) => {
  write(join("bin", name), `#!/bin/sh\n${script}\n`)
  chmodSync(path("bin", name), 0o755)
}
const calls = () => readFileSync(path("calls"), "utf8")

function prepare(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [path("scripts/prepare.mjs"), ...args], {
    encoding: "utf8",
    env: { PATH: `${path("node_modules/.bin")}:${path("bin")}`, BIN: path("bin"), CALLS: path("calls") },
  })
  return { status, said: stderr }
}

/** A clone where everything is ready, and a PATH with nothing on it but what the test puts there. */
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "opsdeck-prepare-"))
  cpSync("scripts", path("scripts"), { recursive: true })
  write("package.json", "{}")
  write("package-lock.json", JSON.stringify(LOCK))
  write("node_modules/.package-lock.json", JSON.stringify(INSTALLED))
  write("node_modules/.bin/node", "")
  write("src/main.ts", "")
  write("dist/main.js", "")
  write("calls", "")
  mkdirSync(path("bin"), { recursive: true })
  symlinkSync("/bin/sh", path("bin/sh"))
  program("npm", 'echo "npm $* with $PATH" >> "$CALLS"')
  program("redis-server", "")
})
afterEach(() => rmSync(clone, { recursive: true }))

test("where everything is ready it does nothing and says nothing", () => {
  expect(prepare()).toEqual({ status: 0, said: "" })
  expect(calls()).toBe("")
})

describe("packages", () => {
  test("are installed when the lockfile asks for another version, by a Node that stays in place", () => {
    write("package-lock.json", JSON.stringify(LOCK).replace("8.0.0", "8.1.0"))
    expect(prepare("--no-build")).toEqual({ status: 0, said: "opsdeck: installing the npm packages, about 20 s\n" })
    expect(calls()).toBe(`npm ci --include=dev with ${path("bin")}\n`)
  })

  test("are installed in a fresh clone", () => {
    rmSync(path("node_modules"), { recursive: true })
    expect(prepare("--no-build").status).toBe(0)
    expect(calls()).toContain("npm ci")
  })

  test("that cannot be installed end it with what npm said", () => {
    rmSync(path("node_modules"), { recursive: true })
    program("npm", "echo no network; exit 1")
    const { status, said } = prepare()
    expect(status).toBe(1)
    expect(said).toContain('no network\nopsdeck: "npm ci --include=dev" failed\n')
  })
})

describe("the build", () => {
  const soon = new Date(Date.now() + 60_000)

  test("is made when a source is newer than it, unless nobody needs it", () => {
    utimesSync(path("src/main.ts"), soon, soon)
    expect(prepare("--no-build").said).toBe("")
    expect(prepare()).toEqual({ status: 0, said: "opsdeck: building\n" })
    expect(calls()).toContain("npm run build")
  })

  test("is made when there is none", () => {
    rmSync(path("dist"), { recursive: true })
    expect(prepare().said).toBe("opsdeck: building\n")
  })
})

describe("a Redis server", () => {
  beforeEach(() => rmSync(path("bin/redis-server")))

  test("may be Valkey's", () => {
    program("valkey-server", "")
    expect(prepare()).toEqual({ status: 0, said: "" })
  })

  test("is installed by the system's package manager, which is said", () => {
    program("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    program(
      "apk",
      'echo "apk $*" >> "$CALLS"; echo "#!/bin/sh" > "$BIN/redis-server"; /bin/chmod +x "$BIN/redis-server"',
    )
    const { status, said } = prepare()
    expect(said).toMatch(/^opsdeck: there is no redis-server on the PATH: installing one with (sudo )?apk\n$/)
    expect(status).toBe(0)
    expect(calls()).toBe("apk add redis\n")
  })

  test("that nothing here can install is asked for in one line", () => {
    const { status, said } = prepare()
    expect(status).toBe(1)
    expect(said).toMatch(/^opsdeck: there is no redis-server.*: install redis-server or valkey-server.*\n$/)
  })

  test("whose installation fails is asked for after what the package manager said", () => {
    program("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    program("apk", "echo no such package; exit 1")
    const { status, said } = prepare()
    expect(status).toBe(1)
    expect(said).toMatch(/no such package[\s\S]*opsdeck: redis-server could not be installed: install .*\n$/)
  })
})

describe.each([
  ["pgbouncer", "what goes through it is left out"],
  ["clickhouse", "what is tested on it is left out"],
  ["unterm", "what is tested in it is left out"],
])("%s, where nothing here can install it", (name, without) => {
  const program = name === "clickhouse" ? `${name}-server` : name
  test.skipIf(["/usr/sbin", "/usr/bin"].some(directory => existsSync(`${directory}/${program}`)))(
    "is done without, which is said",
    () => {
      const { status, said } = prepare(`--${name}`)
      expect(status).toBe(0)
      expect(said).toMatch(new RegExp(`^opsdeck: there is no ${program}.*: ${without}\n$`))
    },
  )
})
