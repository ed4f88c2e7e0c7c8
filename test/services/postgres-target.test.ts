import { chmodSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { sql } from "kysely"
import { afterEach, describe, expect, test, vi } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { readEndpoint } from "../../src/adapters/postgres/endpoint.ts"
import { doctorOn } from "../support/doctor.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"
import { until } from "../support/waiting.ts"

const database = freshDatabase()
afterEach(() => vi.unstubAllEnvs())

/** Connects to the database by a URL that `change` changed, and returns a setting of the server's or the refusal. */
async function connected(change: (url: URL) => void, setting = "search_path"): Promise<unknown> {
  const url = new URL(database.url)
  change(url)
  const postgres = openPostgres({ url: url.href })
  try {
    const shown = await postgres.run(db => sql<Record<string, string>>`show ${sql.raw(setting)}`.execute(db))
    return Object.values(shown.rows[0] ?? {})[0]
  } catch (error) {
    return (error as Error).message
  } finally {
    await postgres.close()
  }
}

describe("a password that the URL does not have", () => {
  const withoutPassword = (url: URL) => {
    url.password = ""
  }
  const password = () => decodeURIComponent(new URL(database.url).password)
  /** A password file of its own, in the home directory, with `text` in it. */
  function passwordFile(text: string, mode = 0o600): string {
    const home = temporaryDirectory()
    vi.stubEnv("HOME", home)
    vi.stubEnv("PGPASSFILE", undefined)
    const path = join(home, ".pgpass")
    writeFileSync(path, text)
    chmodSync(path, mode)
    return path
  }

  test("comes from PGPASSWORD", async () => {
    vi.stubEnv("PGPASSWORD", password())
    expect(await connected(withoutPassword)).toBe('"$user", public')
  })

  test.each([
    ["the line of this server", (host: string, secret: string) => `${host}:*:postgres:${secret}`],
    [
      "the first line that fits",
      (host: string, secret: string) => `other.example.com:5432:*:*:no\n# a note\n${host}:*:*:${secret}\n*:*:*:*:no`,
    ],
    ["a line for everything", (_: string, secret: string) => `*:*:*:*:${secret}\r\n`],
  ])("comes from %s in the password file", async (_, lines) => {
    const { host } = new URL(database.url)
    passwordFile(lines(host, password().replaceAll(/[:\\]/g, "\\$&")))
    expect(await connected(withoutPassword)).toBe('"$user", public')
  })

  test("is said to be missing, and where it could be; the server is not kept waiting for it", async () => {
    const path = passwordFile("db.example.com:5432:*:*:secret")
    const sockets = () => process.getActiveResourcesInfo().filter(name => name === "TCPSocketWrap").length
    expect(await connected(withoutPassword)).toMatch(
      `requires a password for user "postgres": add one to DATABASE_URL, PGPASSWORD or ${path}`,
    )
    await until(() => sockets() === 0)
  })

  test("is not taken from a file that others can read, which is said", async () => {
    const path = passwordFile(`*:*:*:*:${password()}`, 0o644)
    const message = await connected(withoutPassword)
    expect(message).toMatch(`${path} is ignored, since others can read it; run: chmod 600 ${path}`)
    expect(message).not.toContain(password())
  })

  test("is not read from such a file, which the doctor says before", async () => {
    const path = passwordFile("", 0o644)
    const { found } = await doctorOn(database, { server: { url: "redis://127.0.0.1:1" } as never })({
      env: { HOME: dirname(path) },
    })
    expect(found.get("files passwords")).toEqual({
      state: "warning",
      says: `others can access ${path}`,
      remedy: [`chmod 600 ${path}`],
    })
  })

  test("is not looked for in the current folder where there is no HOME", async () => {
    const path = passwordFile(`*:*:*:*:${password()}`)
    vi.stubEnv("HOME", undefined)
    vi.spyOn(process, "cwd").mockReturnValue(join(path, ".."))
    expect(await connected(withoutPassword)).toMatch("requires a password")
    vi.restoreAllMocks()
  })
})

describe("what else a URL says", () => {
  test("a setting of the server's is set, as by the platform's own driver", async () => {
    expect(await connected(url => url.searchParams.set("search_path", "public, pg_catalog"))).toBe("public, pg_catalog")
    const both = (url: URL) => {
      url.searchParams.set("options", "-c work_mem=5MB")
      url.searchParams.set("search_path", "public")
    }
    expect(await connected(both, "work_mem")).toBe("5MB")
    expect(await connected(both)).toBe("public")
  })

  test("one that the server does not know is refused by its name", async () => {
    expect(await connected(url => url.searchParams.set("serch_path", "public"))).toMatch(
      'refused a setting in DATABASE_URL: unrecognized configuration parameter "serch_path"',
    )
  })

  test("what is meant for the pool of the platform's driver does no harm", async () => {
    expect(await connected(url => url.searchParams.set("pool_max_conns", "3"))).toBe('"$user", public')
  })
})

test("a URL without a user means the account's name, where USER is unset as well", () => {
  vi.stubEnv("USER", undefined)
  vi.stubEnv("PGUSER", undefined)
  expect(readEndpoint("postgres://db.example.com/x").user).not.toBe("")
  vi.stubEnv("PGUSER", "somebody")
  expect(readEndpoint("postgres://db.example.com/x").user).toBe("somebody")
})
