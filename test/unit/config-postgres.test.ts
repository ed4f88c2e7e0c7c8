import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { readEndpoint, readEndpoints } from "../../src/adapters/postgres/endpoint.ts"
import { config, home, newHomes, profiles, refusal, secret, URLS } from "../support/config-home.ts"

newHomes()

/** The addresses of a configuration's servers, in their order. */
const addresses = (url: string) => readEndpoints(url).all.map(({ address }) => address)
const chosen = (env: Readonly<Record<string, string>>) => readEndpoints(config([], { ...URLS, ...env }).postgres.url)
const BARE = "postgres:///x?user=u"

describe("the servers of a URL", () => {
  it.each([
    ["postgres://u@h1:5433,h2/x", ["h1:5433", "h2:5432"]],
    ["postgresql://u@h1,h2:5433,h3/x", ["h1:5432", "h2:5433", "h3:5432"]],
    ["postgres://u@[2001:db8::1]:5433,[::1]/x", ["[2001:db8::1]:5433", "[::1]:5432"]],
    ["postgres://u:p%2C%40@%2Frun%2Fpostgresql,h2:5433/x", ["/run/postgresql", "h2:5433"]],
    ["postgres:///x?user=u&host=h1,h2&port=5433,5434", ["h1:5433", "h2:5434"]],
    [
      "postgres:///x?user=u&host=/run/postgresql,h2,2001:db8::1&port=5433",
      ["/run/postgresql", "h2:5433", "[2001:db8::1]:5433"],
    ],
    ["postgres://u@ignored:1/x?host=h1,h2", ["h1:1", "h2:1"]],
    ["postgres://u@:5433/x", ["localhost:5433"]],
    ["postgres:///x?user=u", ["localhost:5432"]],
    ["postgres://u@[fe80::1%25eth0]:5433,h2/x", ["[fe80::1%eth0]:5433", "h2:5432"]],
    ["postgres:///x?user=u&hostaddr=192.0.2.1,2001:db8::1", ["192.0.2.1:5432", "[2001:db8::1]:5432"]],
    ["postgres://u@h1,h2/x?hostaddr=192.0.2.1,192.0.2.2", ["h1:5432", "h2:5432"]],
  ])("of %s are %j", (url, expected) => {
    expect(addresses(url)).toEqual(expected)
  })

  it("are read back as they were written, in either form, whatever they are", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/)
    const socket = fc.stringMatching(/^\/[a-z %@:/?#[\]]{1,20}$/)
    const host = fc.oneof(name, fc.ipV4(), fc.ipV6(), socket)
    const servers = fc.array(fc.tuple(host, fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined })), {
      minLength: 1,
    })
    const secretText = fc.string({ unit: "grapheme", minLength: 1 })
    fc.assert(
      fc.property(servers, secretText, (list, password) => {
        const authority = list.map(([host, port]) => {
          const written = host.startsWith("/") ? encodeURIComponent(host) : host.includes(":") ? `[${host}]` : host
          return port === undefined ? written : `${written}:${port}`
        })
        const asAuthority = `postgres://u:${encodeURIComponent(password)}@${authority}/x`
        const host = list.map(([host]) => host).join()
        const asParameters = `postgres:///x?${new URLSearchParams({ user: "u", password, host, port: list.map(([, port]) => port ?? "").join() })}`
        for (const url of [asAuthority, asParameters]) {
          const { all } = readEndpoints(url)
          expect(all.map(({ host, port }) => [host, port])).toEqual(list.map(([host, port = 5432]) => [host, port]))
          expect(all.map(({ config }) => config.password)).toEqual(list.map(() => password))
        }
      }),
    )
  })

  it("are the same in another order where that is left to chance", () => {
    const url = "postgres://u@a,b,c,d,e,f,g,h/x?load_balance_hosts=random"
    const orders = new Set(Array.from({ length: 50 }, () => addresses(url).join()))
    expect(orders.size).toBeGreaterThan(1)
    for (const order of orders)
      expect(order.split(",").sort().join()).toBe("a:5432,b:5432,c:5432,d:5432,e:5432,f:5432,g:5432,h:5432")
  })

  it("have one user, database and settings; TLS is for those that are no sockets", () => {
    const { all } = readEndpoints("postgres://u@%2Frun,h2/x?sslmode=verify-full&search_path=platform")
    expect(all.map(({ config }) => [config.user, config.database, config.options, config.ssl !== false])).toEqual([
      ["u", "x", "-c search_path=platform", false],
      ["u", "x", "-c search_path=platform", true],
    ])
  })
})

describe("libpq's variables", () => {
  it("name the servers where the URL names none, for the name on the screen and for the connection", () => {
    const env = { DATABASE_URL: BARE, PGHOST: "192.0.2.7", PGPORT: "6543" }
    expect(config([], { ...URLS, ...env }).environment).toBe("192.0.2.7")
    expect(chosen(env).all[0]).toMatchObject({ host: "192.0.2.7", port: 6543, user: "u", database: "x" })
    expect(config([], { ...URLS, PGHOST: "192.0.2.7" }).environment).toBe("local")
    expect(config([], { ...URLS, DATABASE_URL: BARE, PGHOST: "/run/pg" }).environment).toBe("/run/pg")
  })

  it("may name several, and say which will do", () => {
    const { all, wanted, connectTimeoutMs } = chosen({
      ...{ DATABASE_URL: BARE, PGHOST: "h1,h2", PGPORT: "1,2" },
      ...{ PGTARGETSESSIONATTRS: "read-write", PGCONNECT_TIMEOUT: "3" },
    })
    expect(all.map(({ address }) => address)).toEqual(["h1:1", "h2:2"])
    expect({ wanted, connectTimeoutMs }).toEqual({ wanted: "read-write", connectTimeoutMs: 3_000 })
    const mistake = { ...URLS, DATABASE_URL: "postgres://h/x", PGTARGETSESSIONATTRS: "master" }
    expect(refusal(() => config([], mistake))).toMatch("target_session_attrs is one of any, read-write")
  })

  it("are not taken with a profile that is asked for by name", () => {
    profiles({ profiles: { eu: { databaseUrl: "postgres:///x", redisUrl: "redis://r" } } })
    const env = { PGHOST: "192.0.2.7", PGPORT: "6543", PGSERVICE: "other", PGTARGETSESSIONATTRS: "standby" }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const { postgres, ignored } = config(["--profile", "eu"], env)
    expect(readEndpoint(postgres.url)).toMatchObject({ host: "localhost", port: 5432 })
    expect(readEndpoints(postgres.url).wanted).toBe("any")
    expect(ignored).toEqual(["PGHOST", "PGPORT", "PGSERVICE", "PGTARGETSESSIONATTRS"])
  })

  it("ask for TLS, and name its files; they never switch it off, nor the checks", () => {
    const key = secret("client.key", "none")
    const sslOf = (env: Readonly<Record<string, string>>) =>
      chosen({ DATABASE_URL: "postgres://h/x", ...env }).all[0].config.ssl
    const ca = secret("ca.pem", "CA")
    expect(sslOf({ PGSSLMODE: "verify-full", PGSSLROOTCERT: ca })).toEqual({ ca: "CA", rejectUnauthorized: true })
    expect(sslOf({ PGSSLMODE: "require" })).toEqual({ rejectUnauthorized: true })
    for (const mode of ["disable", "prefer", "no-verify"]) {
      expect(sslOf({ PGSSLMODE: mode, PGSSLROOTCERT: ca, PGSSLKEY: key })).toBe(false)
      const asked = { PGSSLMODE: mode, DATABASE_URL: "postgres://h/x?sslmode=verify-full" }
      expect(sslOf(asked)).toEqual({ rejectUnauthorized: true })
    }
  })
})

describe("a service", () => {
  const FILE = `# the platform's
[us]
host=us.example.com
[eu]
host=h1,h2
port=5433,5434

user=somebody
dbname=platform
target_session_attrs=read-write
[ap]
host=ap.example.com
`
  const own = () => secret(".pg_service.conf", FILE, 0o644)

  it.each([
    ["PGSERVICE", { DATABASE_URL: "postgres:///", PGSERVICE: "eu" }],
    ["the URL", { DATABASE_URL: "postgres:///?service=eu", PGSERVICE: "us" }],
  ])("that %s names says what the URL does not", (_, env) => {
    own()
    const { all, wanted } = chosen(env)
    expect(all.map(({ address, user, database }) => [address, user, database])).toEqual([
      ["h1:5433", "somebody", "platform"],
      ["h2:5434", "somebody", "platform"],
    ])
    expect(wanted).toBe("read-write")
    expect(config([], { ...URLS, ...env }).environment).toBe("h1")
  })

  it("loses to the URL, and wins over variables", () => {
    own()
    const env = { DATABASE_URL: "postgres://me@/x?service=us", PGHOST: "other", PGPORT: "7" }
    expect(chosen(env).all).toMatchObject([{ address: "us.example.com:7", user: "me", database: "x" }])
  })

  it("is looked for in PGSERVICEFILE or servicefile, else at home, and then in PGSYSCONFDIR", () => {
    own()
    const other = secret("other", "[eu]\nhost=other.example.com\n")
    secret("pg_service.conf", "[eu]\nhost=etc.example.com\n[all]\nhost=all.example.com")
    const hostOf = (env: Readonly<Record<string, string>>) =>
      chosen({ DATABASE_URL: BARE, PGSYSCONFDIR: home, ...env }).all[0].host
    expect(hostOf({ PGSERVICE: "eu", PGSERVICEFILE: other })).toBe("other.example.com")
    expect(hostOf({ DATABASE_URL: `${BARE}&service=eu&servicefile=${other}` })).toBe("other.example.com")
    expect(hostOf({ PGSERVICE: "eu" })).toBe("h1")
    expect(hostOf({ PGSERVICE: "all" })).toBe("all.example.com")
  })

  it("of a profile that is asked for by name is that of the user's own file", () => {
    own()
    profiles({ profiles: { prod: { databaseUrl: "postgres:///x?service=ap", redisUrl: "redis://r" } } })
    const env = { PGSERVICEFILE: secret("other", "[ap]\nhost=other.example.com") }
    const { postgres, ignored } = config(["--profile", "prod"], env)
    expect(addresses(postgres.url)).toEqual(["ap.example.com:5432"])
    expect(ignored).toEqual(["PGSERVICEFILE"])
  })

  it.each([
    ["[us]\nhost=x", "service eu: no [eu] in HOME/.pg_service.conf"],
    ["[eu]\nhost = x", "service eu: HOME/.pg_service.conf: line 2 is none like host=db.example.com"],
    ["[eu]\nldap://example.com/dc=x", "line 2 is none like host=db.example.com"],
    ["[eu]\nservice=us", "line 2: a service cannot name another one"],
    ["[eu]\nport=many", "service eu: HOME/.pg_service.conf: a port is a number from 1 to 65535"],
    ["[eu]\nsslmode=no-verify", "service eu: HOME/.pg_service.conf: certificates are always checked"],
  ])("that is %j is refused with the file and its name", (text, says) => {
    secret(".pg_service.conf", text)
    const said = refusal(() => config([], { ...URLS, DATABASE_URL: "postgres:///x", PGSERVICE: "eu" }))
    expect(said).toContain(says.replace("HOME", home))
  })

  it.each(["password", "sslpassword"])("with a %s that others can read is refused", keyword => {
    const path = secret(".pg_service.conf", `[eu]\n${keyword}=hunter2`, 0o644)
    const said = refusal(() => config([], { ...URLS, PGSERVICE: "eu" }))
    expect(said).toMatch(`${path} holds a secret and others can read it; run: chmod 600 ${path}`)
  })

  it("that has no file where one is named is refused", () => {
    const said = refusal(() => config([], { ...URLS, PGSERVICE: "eu", PGSERVICEFILE: join(home, "nowhere") }))
    expect(said).toBe(`service eu: no such file: ${join(home, "nowhere")}`)
  })
})
