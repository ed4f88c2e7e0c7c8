import { writeFileSync } from "node:fs"
import type { Socket } from "node:net"
import { join } from "node:path"
import { expect } from "vitest"
import { createAuthority, selfSigned } from "../support/certificates.ts"
import { authority, good, LOGIN, TO } from "../support/mail-trial.ts"
import { asSuperuser } from "../support/postgres.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"
import { Platform } from "./support/platform.ts"
import { scenario } from "./support/scenario.ts"
import { layWire } from "./support/wire.ts"

/** A server that does harm, and what the operator has to learn of it. */
interface Harm {
  readonly port: number
  readonly mode?: "tls" | "none"
  readonly says: RegExp
  /** Whether the server has the message: whoever sent it can only say that they do not know. */
  readonly hasMail?: () => boolean
}

const WITHOUT_WORDS = /sent no greeting within|did not continue within/
const MAYBE = /may have been delivered/
const hello = (socket: Socket) => socket.write("220 hi\r\n")
const drip = (text: string) => (socket: Socket) => {
  const dripping = setInterval(() => socket.write(text), 100)
  socket.on("close", () => clearInterval(dripping))
}
/** Offers both, and means neither. */
const offers = (line: string) =>
  line.startsWith("EHLO") ? "250-hi\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n" : undefined

/** Takes a mail in clear from anybody, and `after` its last line says nothing that is an answer. */
async function taking(after: (socket: Socket) => void): Promise<Harm> {
  let connection: Socket | undefined
  const { port, heard } = await startPretender({
    greeting: socket => {
      connection = socket
      hello(socket)
    },
    answer: line => {
      if (line === "DATA") return "354 go on\r\n"
      if (line === ".") after(connection as Socket)
      return /^(EHLO|MAIL|RCPT)/.test(line) ? "250 fine\r\n" : undefined
    },
  })
  return { port, mode: "none", says: MAYBE, hasMail: () => heard.includes(".") }
}

const SILENT: Readonly<Record<string, () => Promise<Harm>>> = {
  "says nothing": async () => ({ ...(await startPretender({})), says: WITHOUT_WORDS }),
  "says nothing, TLS expected": async () => ({ ...(await startPretender({})), mode: "tls", says: WITHOUT_WORDS }),
  "drips lines": async () => ({ ...(await startPretender({ greeting: drip("220-here\r\n") })), says: WITHOUT_WORDS }),
  "drips letters": async () => ({ ...(await startPretender({ greeting: drip("2") })), says: WITHOUT_WORDS }),
  "is silent after EHLO": async () => ({ ...(await startPretender({ greeting: hello })), says: WITHOUT_WORDS }),
  "drips its answer to EHLO": async () => ({
    ...(await startPretender({ greeting: socket => hello(socket) && drip("250-more\r\n")(socket) })),
    says: WITHOUT_WORDS,
  }),
  "stalls in the handshake": async () => ({
    ...(await startPretender({
      greeting: hello,
      answer: line => offers(line) ?? (line === "STARTTLS" ? "220 go\r\n" : undefined),
    })),
    says: WITHOUT_WORDS,
  }),
  "stalls after DATA": async () => {
    const { port, mails } = await startMailServer({ tls: "starttls", identity: good, login: LOGIN, stalls: true })
    return { port, says: MAYBE, hasMail: () => mails.length > 0 }
  },
  "drips after DATA": () => taking(drip("250-soon\r\n")),
}

const stranger = createAuthority()
const CERTIFICATES = [
  ["expired", authority.issue(["127.0.0.1"], -3), /has expired/],
  ["for another host", authority.issue(["mail.example.org"]), /is for another host \(DNS:mail\.example\.org\)/],
  ["of an unknown authority", stranger.issue(["127.0.0.1"]), /signed by an unknown authority/],
  ["signed by itself", selfSigned(["127.0.0.1"]), /signed by an unknown authority/],
] as const
const REFUSED = Object.fromEntries(
  CERTIFICATES.flatMap(([what, identity, says]) =>
    (["starttls", "tls"] as const).map(tls => [
      `certificate ${what}, ${tls}`,
      async (): Promise<Harm> => ({
        ...(await startMailServer({ tls, identity, login: LOGIN })),
        ...(tls === "tls" && { mode: tls }),
        says,
      }),
    ]),
  ),
)

/** To STARTTLS it says `reply`, and listens to what comes in clear then. */
const answering = async (reply: string, says: RegExp): Promise<Harm> => ({
  ...(await startPretender({
    greeting: hello,
    answer: line => offers(line) ?? (/^STARTTLS/.test(line) ? reply : "250 fine\r\n"),
  })),
  says,
})
const STRIPPED: Readonly<Record<string, () => Promise<Harm>>> = {
  "STARTTLS not offered": async () => ({ ...(await startMailServer({ login: LOGIN })), says: /offers no STARTTLS/ }),
  "STARTTLS refused": () => answering("502 what?\r\n", /offers no STARTTLS/),
  "STARTTLS refused for now": () => answering("454 later\r\n", /cannot start TLS now/),
  "STARTTLS without TLS": () => answering("220 go\r\n250-in clear\r\n250 AUTH PLAIN\r\n", WITHOUT_WORDS),
}

const HARMS = { ...SILENT, ...REFUSED, ...STRIPPED }
const platform = new Platform()

scenario(
  {
    number: 22,
    title: "Mail servers that do harm",
    load: `${Object.keys(HARMS).length} servers at the same time: silent, dripping, stalled; certificates expired, wrong, untrusted; STARTTLS stripped; NODE_TLS_REJECT_UNAUTHORIZED=0 throughout`,
    passes: "each ends within 20 s; the delivery state is honest; no AUTH byte in clear",
    inSubset: false,
  },
  async measure => {
    const file = join(temporaryDirectory(), "authority.pem")
    writeFileSync(file, authority.cert)
    const trials = await Promise.all(
      Object.entries(HARMS).map(async ([name, begin]) => ({ name, ...(await tried(await begin(), file)) })),
    )
    measure("test mails tried", trials.length, "servers")
    measure("ended after, at most", Math.max(...trials.map(({ ms }) => ms)), "ms", { atMost: 20_000 })
    for (const { name, told, honest } of trials) expect.soft(told, name).toMatch(honest)
    measure("told as they are", trials.filter(({ told, honest }) => honest.test(told)).length, "servers", {
      atLeast: trials.length,
    })
    const inClear = trials.filter(({ clear }) => clear)
    expect.soft(inClear.map(({ name }) => name)).toEqual([])
    measure("that heard AUTH or the password in clear", inClear.length, "servers", { atMost: 0 })
    const shown = trials.filter(({ told }) => SPELLINGS.some(spelling => told.includes(spelling)))
    measure("that brought the password onto the screen", shown.length, "servers", { atMost: 0 })
    const audited = await asSuperuser(
      "select metadata_json ->> 'outcome' as outcome from audit_logs where action = 'email.test'",
      platform.database.url,
    )
    const unknown = audited.filter(({ outcome }) => outcome === "unknown").length
    measure("audit rows", audited.length, "rows", { atLeast: trials.length })
    measure("audit rows that say unknown", unknown, "rows", { atMost: 2 })
  },
)

const base64 = (text: string) => Buffer.from(text).toString("base64")
const SPELLINGS = [LOGIN.pass, base64(LOGIN.pass), base64(`\0${LOGIN.user}\0${LOGIN.pass}`)]

/** A test mail by the command, with a password to lose. */
async function tried({ port, mode, says, hasMail = () => false }: Harm, file: string) {
  const wire = await layWire(port)
  const { status, stdout, stderr } = await opsdeck(["email", "test", "--to", TO, "--json"], {
    ...platform.environment(1),
    ARKLOOP_EMAIL_FROM: "no-reply@example.com",
    ARKLOOP_SMTP_HOST: "127.0.0.1",
    ARKLOOP_SMTP_PORT: String(wire.port),
    ARKLOOP_SMTP_TLS_MODE: mode ?? "starttls",
    ...(mode !== "none" && { ARKLOOP_SMTP_USER: LOGIN.user, ARKLOOP_SMTP_PASS: LOGIN.pass }),
    NODE_EXTRA_CA_CERTS: file,
    NODE_TLS_REJECT_UNAUTHORIZED: "0",
  })
  expect.soft({ status, stdout }).toMatchObject({ status: 6 })
  const sent = wire.sent()
  return {
    ms: JSON.parse(stdout).duration_ms as number,
    told: stdout + stderr,
    honest: new RegExp(`(?:${says.source}).*${hasMail() ? "Check before" : "Nothing was sent"}`),
    clear: /^AUTH/im.test(sent) || SPELLINGS.some(spelling => sent.includes(spelling)),
  }
}
