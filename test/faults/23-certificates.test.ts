import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished } from "vitest"
import { Gateway, newStream } from "../support/access-log.ts"
import { createAuthority, type Identity, selfSigned } from "../support/certificates.ts"
import { Operations } from "../support/console.ts"
import { authority, good } from "../support/mail-trial.ts"
import { freshDatabase } from "../support/postgres.ts"
import { type Environment, opsdeck, temporaryDirectory } from "../support/program.ts"
import { Terminal } from "../support/terminal.ts"
import { startTlsFront } from "../support/tls-front.ts"
import { scenario } from "./support/scenario.ts"

const gateway = Gateway.forTests()
const database = freshDatabase()
const operations = new Operations(database, gateway)

const CERTIFICATES = {
  expired: { identity: authority.issue(["127.0.0.1"], -3), says: "its certificate has expired" },
  "for another host": {
    identity: authority.issue(["db.example.org"]),
    says: "its certificate is for another host name",
  },
  "of an unknown authority": {
    identity: createAuthority().issue(["127.0.0.1"]),
    says: "its certificate is signed by an unknown authority",
  },
  "signed by itself": {
    identity: selfSigned(["127.0.0.1"]),
    says: "its certificate is (signed by an unknown|self-signed)",
  },
} as const

/** What other programs are told to leave certificates unchecked with. */
const VARIABLES: readonly Environment[] = [
  { PGSSLMODE: "disable" },
  { PGSSLMODE: "no-verify" },
  { PGSSLMODE: "require" },
  { PGSSLROOTCERT: "/dev/null", PGREQUIRESSL: "0" },
  { REDISCLI_INSECURE: "1", OPSDECK_INSECURE: "1" },
]
const POSTGRES_OPTIONS = [
  ...["no-verify", "prefer", "allow", "require", "verify-ca"].map(mode => `sslmode=${mode}`),
  "sslmode=require&uselibpqcompat=true",
  "sslmode=verify-ca&uselibpqcompat=true",
  ...["no-verify", "true", "1", '{"rejectUnauthorized":false}'].map(ssl => `ssl=${encodeURIComponent(ssl)}`),
  "sslmode=verify-full&rejectUnauthorized=false",
]
const REDIS_OPTIONS = [
  "rejectUnauthorized=false",
  "tls=false",
  "insecure=true",
  "ssl_cert_reqs=none",
  "checkServerIdentity=",
]
/** What there is not, or what says itself that it is refused. */
const OPTIONS = ["--insecure", "--no-verify", "--no-redis-ca", "--tls-skip-verify", "--no-tls-check", "-k"]
const KEYS = ["insecure", "rejectUnauthorized", "tls", "ssl", "verify"]

scenario(
  {
    number: 23,
    title: "Certificates of the stores",
    load: `${Object.keys(CERTIFICATES).join(", ")}; PostgreSQL and both Redis databases; a command of each, log --follow, doctor, console; ${VARIABLES.length} sets of variables, ${POSTGRES_OPTIONS.length + REDIS_OPTIONS.length} options of URLs, ${OPTIONS.length} of the command line and ${KEYS.length} settings to switch the check off; NODE_TLS_REJECT_UNAUTHORIZED=0 throughout`,
    passes: "refused, the cause named; nothing switches the check off",
    inSubset: false,
  },
  async measure => {
    const trusted = await stand(good)
    expect(await opsdeck(["users", "list"], trusted.env)).toMatchObject({ status: 0 })
    expect(await opsdeck(["log"], trusted.env)).toMatchObject({ status: 0 })
    expect((await opsdeck(["doctor"], trusted.env)).stdout).toMatch(/TLS +on, certificate verified/)

    let taken = 0
    const refusals: string[] = []
    for (const [what, { identity, says }] of Object.entries(CERTIFICATES)) {
      const stores = await stand(identity)
      const cause = new RegExp(says)
      for (const argv of [["users", "list"], ["log"], ["log", "--follow"]]) {
        const { status, stdout, stderr } = await opsdeck(argv, stores.env)
        expect.soft({ what, argv, status, stdout }).toEqual({ what, argv, status: 6, stdout: "" })
        expect.soft(stderr).toMatch(cause)
        refusals.push(stderr)
      }
      const doctor = await opsdeck(["doctor"], stores.env)
      const named = doctor.stdout.match(new RegExp(`FAILURE.*${says}`, "g")) ?? []
      expect.soft({ status: doctor.status, named: named.length }, doctor.stdout).toEqual({ status: 6, named: 3 })
      refusals.push(...named)
      refusals.push(...(await seenAtConsole(stores.env, cause)))
      taken += stores.taken()
    }
    measure("refused, with the cause named", refusals.length, "times", {
      atLeast: 8 * Object.keys(CERTIFICATES).length,
    })

    const { env, taken: takenAnyway } = await stand(CERTIFICATES.expired.identity)
    let tries = 0
    const refuses = async (argv: readonly string[], more: Environment, status: number, says: RegExp) => {
      const outcome = await opsdeck(argv, { ...env, ...more })
      expect.soft({ argv, more, ...outcome }).toMatchObject({ status, stdout: "", stderr: expect.stringMatching(says) })
      tries++
    }
    for (const variables of VARIABLES) {
      await refuses(["users", "list"], variables, 6, EXPIRED)
      await refuses(["log"], variables, 6, EXPIRED)
    }
    for (const options of POSTGRES_OPTIONS) {
      const DATABASE_URL = env.DATABASE_URL.replace("sslmode=verify-full", options)
      const isNamed = options === "sslmode=no-verify"
      await refuses(["users", "list"], { DATABASE_URL }, isNamed ? 2 : 6, isNamed ? /always checked/ : EXPIRED)
    }
    for (const options of REDIS_OPTIONS) {
      await refuses(["log"], { GATEWAY_REDIS_URL: `${env.GATEWAY_REDIS_URL}?${options}` }, 6, EXPIRED)
    }
    for (const option of OPTIONS) await refuses(["log", option], {}, 2, /unknown option/)
    for (const setting of KEYS)
      await refuses(["log"], { XDG_CONFIG_HOME: configured({ [setting]: false }) }, 2, NO_SETTING)
    measure("ways to switch the check off, tried in vain", tries, "ways")
    measure("bytes that came through to the stores", taken + takenAnyway(), "bytes", { atMost: 0 })
  },
)

const EXPIRED = /its certificate has expired/
const NO_SETTING = /no such setting/

/** A configuration file with a profile that has `settings` in force. */
function configured(settings: object): string {
  const home = temporaryDirectory()
  mkdirSync(join(home, "opsdeck"))
  const file = JSON.stringify({ profiles: { here: settings }, defaultProfile: "here" })
  writeFileSync(join(home, "opsdeck/config.json"), file, { mode: 0o600 })
  return home
}

/** What the console says of PostgreSQL, over the log, and of the log below once a good PostgreSQL has let its operator in. */
async function seenAtConsole(env: Environment, cause: RegExp): Promise<string[]> {
  const both = Terminal.opsdeck([], env, { columns: 200, rows: 30 })
  const seen = async (terminal: Terminal, where: string) => {
    const text = () => terminal.screen.replaceAll(/[│\s]+/g, " ")
    await terminal.wait(() => text().includes(where) && cause.test(text()), `no ${cause}`)
    expect.soft(terminal.output).not.toContain("Warning")
    terminal.press("ctrl-c")
    await terminal.exited
    return text()
  }
  const log = Terminal.opsdeck([], { ...env, DATABASE_URL: database.url }, { columns: 200, rows: 30 })
  return [await seen(both, "Waiting for PostgreSQL"), await seen(log, "reconnecting in")]
}

/** An operator's environment, with every store behind TLS that shows `identity`. */
async function stand(identity: Identity) {
  const plain = operations.environment(newStream())
  const { port, username, password, pathname } = new URL(plain.DATABASE_URL)
  const postgres = await startTlsFront(Number(port), { identity, asked: true })
  const redis = await startTlsFront(gateway.server.port, { identity })
  onTestFinished(async () => {
    await postgres.close()
    await redis.close()
  })
  const home = temporaryDirectory()
  const file = join(home, "ca.pem")
  writeFileSync(file, authority.cert)
  const env = {
    ...plain,
    DATABASE_URL: `postgres://${username}:${password}@127.0.0.1:${postgres.port}${pathname}?sslmode=verify-full&sslrootcert=${file}`,
    REDIS_URL: `rediss://127.0.0.1:${redis.port}/0`,
    GATEWAY_REDIS_URL: `rediss://127.0.0.1:${redis.port}/1`,
    NODE_EXTRA_CA_CERTS: file,
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
  }
  return { env, taken: () => postgres.taken() + redis.taken() }
}
