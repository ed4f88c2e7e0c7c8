import { appendFileSync, chmodSync, chownSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { migrate } from "../../src/adapters/postgres/migrate.ts"
import { type PostgresServer, startPostgresServer } from "../../src/demo/postgres-server.ts"
import { createAuthority } from "../support/certificates.ts"
import { doctorOn } from "../support/doctor.ts"
import { operationsOn } from "../support/operators.ts"
import { freshDatabase } from "../support/postgres.ts"
import { temporaryDirectory } from "../support/program.ts"

const database = freshDatabase()
const operations = operationsOn(database)
const visit = doctorOn(database, operations)
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgresServer()
  await server.createDatabase("platform")
  await migrate(server.url("platform"))
})
afterAll(() => server.stop())

const data = (file: string) => join(server.directory, "data", file)

/** Writes a file of the server, which reads it as its own user. */
function place(file: string, content: string) {
  const { uid, gid } = statSync(data("."))
  writeFileSync(data(file), content)
  chmodSync(data(file), 0o600)
  chownSync(data(file), uid, gid)
}

test("a server that asks for a client certificate is told as such", async () => {
  const authority = createAuthority()
  const { cert, key } = authority.issue(["127.0.0.1"])
  place("ca.pem", authority.cert)
  place("server.pem", cert)
  place("server.key", key)
  const before = readFileSync(data("pg_hba.conf"), "utf8")
  place("pg_hba.conf", `hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n${before}`)
  const files = "ssl_ca_file = 'ca.pem'\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n"
  appendFileSync(data("postgresql.conf"), `\nssl = on\n${files}`)
  await server.resume()
  onTestFinished(() => place("pg_hba.conf", before))

  const directory = temporaryDirectory()
  const file = (name: string, content: string) => {
    writeFileSync(join(directory, name), content, { mode: 0o600 })
    return join(directory, name)
  }
  const secure = `${server.url("platform")}?sslmode=verify-full&sslrootcert=${file("ca.pem", authority.cert)}`
  const withCertificate = ({ cert, key }: { cert: string; key: string }) =>
    `${secure}&sslcert=${file("client.pem", cert)}&sslkey=${file("client.key", key)}`
  const connection = async (databaseUrl: string) => (await visit({ databaseUrl })).found.get("postgres connection")
  expect(await connection(secure)).toMatchObject({
    state: "failure",
    says: `PostgreSQL at 127.0.0.1:${server.port} asks for a client certificate: add sslcert=FILE and sslkey=FILE to DATABASE_URL, beside sslmode=verify-full`,
  })
  expect(await connection(withCertificate(createAuthority().issue(["client"])))).toMatchObject({
    state: "failure",
    says: expect.stringContaining("it does not accept the client certificate: check sslcert"),
  })
  expect(await connection(withCertificate(authority.issue(["client"])))).toMatchObject({ state: "ok" })
})
