import { createPrivateKey } from "node:crypto"
import { chmodSync, writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sql } from "kysely"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { openPostgres } from "../../src/adapters/postgres/connection.ts"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { own } from "../../src/demo/postgres-process.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { createAuthority } from "../support/certificates.ts"

const authority = createAuthority()
const HBA = `local all all scram-sha-256
hostnossl all all 127.0.0.1/32 scram-sha-256
hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-full
`

/** A server that wants certificates of its users, and listens on a socket in `directory` as well. */
let server: PostgresServer
let directory: string
/** Writes a file for the server, or for the client. */
async function file(name: string, text: string, isServers = false): Promise<string> {
  const path = join(directory, name)
  writeFileSync(path, text, { mode: 0o600 })
  if (isServers) await own(path)
  return path
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "opsdeck-tls-"))
  chmodSync(directory, 0o755)
  await own(directory)
  const { cert, key } = authority.issue(["127.0.0.1", "db.internal"])
  server = await startPostgresServer(undefined, {
    unix_socket_directories: directory,
    hba_file: await file("hba.conf", HBA, true),
    ssl: "on",
    ssl_cert_file: await file("server.pem", cert, true),
    ssl_key_file: await file("server.key", key, true),
    ssl_ca_file: await file("ca-server.pem", authority.cert, true),
  })
  await server.createDatabase("platform")
  await migrate(server.url("platform"))
})
afterAll(async () => {
  await server.stop()
  await rm(directory, { recursive: true })
})

/** What a connection by this URL says of itself, or why there is none. */
async function connected(url: string): Promise<unknown> {
  let postgres: ReturnType<typeof openPostgres> | undefined
  try {
    postgres = openPostgres({ url })
    const { rows } = await postgres.run(db =>
      sql`select (select client_dn from pg_stat_ssl where pid = pg_backend_pid()) as "user",
        inet_server_port() as port`.execute(db),
    )
    return rows[0]
  } catch (error) {
    return (error as Error).message
  } finally {
    await postgres?.close()
  }
}

describe("a certificate of the client", () => {
  const user = authority.issue(["postgres"])
  const locked = createPrivateKey(user.key)
    .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" })
    .toString()

  async function presenting(options: Readonly<Record<string, string>>): Promise<unknown> {
    const given = { sslmode: "verify-full", sslrootcert: await file("ca.pem", authority.cert), ...options }
    return connected(`${server.url("platform")}?${new URLSearchParams(given)}`)
  }

  test("is presented, also with a key that a password opens", async () => {
    const sslcert = await file("user.pem", user.cert)
    const expected = { user: "/CN=postgres", port: server.port }
    expect(await presenting({ sslcert, sslkey: await file("user.key", user.key) })).toEqual(expected)
    const encrypted = { sslcert, sslkey: await file("locked.key", locked), sslpassword: "open sesame" }
    expect(await presenting(encrypted)).toEqual(expected)
  })

  test("that is asked for, or somebody else's, is named as the remedy", async () => {
    expect(await presenting({})).toMatch(/asks for a client certificate: add sslcert=FILE and sslkey=FILE/)
    const other = authority.issue(["somebody"])
    const given = { sslcert: await file("other.pem", other.cert), sslkey: await file("other.key", other.key) }
    expect(await presenting(given)).toMatch(/refused the password, or the certificate, of user "postgres"/)
  })

  test("is shown to a server of another name than its address, and the sign-in is bound to the connection", async () => {
    const keys = { sslcert: await file("user.pem", user.cert), sslkey: await file("user.key", user.key) }
    const ca = { sslrootcert: await file("ca.pem", authority.cert), sslmode: "verify-full" }
    const named = (host: string) =>
      connected(
        `${server.url("platform")}?${new URLSearchParams({ host, hostaddr: "127.0.0.1", channel_binding: "require", ...ca, ...keys })}`,
      )
    expect(await named("db.internal")).toEqual({ user: "/CN=postgres", port: server.port })
    expect(await named("other.internal")).toMatch(/^PostgreSQL at other\.internal:\d+ .*certificate/)
  })

  test("with a key that cannot be used is refused by the file's name", async () => {
    const sslcert = await file("user.pem", user.cert)
    const sslkey = await file("locked.key", locked)
    expect(await presenting({ sslcert, sslkey })).toBe(
      `the database URL's sslkey is encrypted: add its password as sslpassword (${sslkey})`,
    )
    expect(await presenting({ sslcert, sslkey, sslpassword: "sesame" })).toBe(
      `the database URL's sslpassword does not open sslkey: ${sslkey}`,
    )
    const none = await file("none.key", "no key")
    expect(await presenting({ sslcert, sslkey: none })).toBe(`the database URL's sslkey is no private key: ${none}`)
    chmodSync(sslkey, 0o644)
    expect(await presenting({ sslcert, sslkey })).toBe(
      `the database URL's sslkey can be read by others: chmod 600 ${sslkey}`,
    )
  })
})

describe("a socket", () => {
  const at = (hosts: string, parameters: Readonly<Record<string, string>>) => {
    const { username, password } = new URL(server.url("platform"))
    return `postgres://${username}:${password}@${hosts}/platform?${new URLSearchParams(parameters)}`
  }
  const onSocket = { user: null, port: null }

  test("is reached by its directory, in every form of the URL", async () => {
    const port = String(server.port)
    expect(await connected(at("", { host: directory, port }))).toEqual(onSocket)
    expect(await connected(at(`${encodeURIComponent(directory)}:${port}`, {}))).toEqual(onSocket)
    expect(await connected(at("", { host: `${directory},127.0.0.1`, port }))).toEqual(onSocket)
    expect(await connected(at(`127.0.0.1:1,${encodeURIComponent(directory)}:${port}`, {}))).toEqual(onSocket)
  })

  test("needs no TLS beside a server that does", async () => {
    const tls = { host: `${directory},127.0.0.1`, port: String(server.port), sslmode: "verify-full" }
    expect(await connected(at("", tls))).toEqual(onSocket)
  })
})
