import type { Socket } from "node:net"
import type { TLSSocket } from "node:tls"
import SMTPConnection from "nodemailer/lib/smtp-connection"
import { asciiAddress, needsSmtpUtf8 } from "../../domain/mail-address.ts"
import type { MailSettings } from "../../domain/mail-step.ts"
import { conversationLog } from "./conversation-log.ts"
import { greetingName, offeredBy } from "./ehlo.ts"
import { MailFailure } from "./explain.ts"
import type { Progress } from "./progress.ts"
import { describeTls, TLS_CHECKS } from "./reach.ts"

/** Time that the server has to answer QUIT. */
const GOODBYE_MS = 1_000
const LONGEST_REPLY_BYTES = 64 * 1024

/** Greets, encrypts, signs in and delivers the mail on `socket`, step by step. Rejects with the failure. */
export async function converse(
  socket: Socket,
  settings: MailSettings,
  { to, message }: { to: string; message: Buffer },
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { host, port, user, pass, tls_mode, from } = settings
  const connection = new SMTPConnection({
    connection: socket,
    host,
    port,
    name: greetingName(settings),
    secure: tls_mode === "tls",
    secured: tls_mode === "tls",
    ignoreTLS: tls_mode === "none",
    // Without it the password would be sent in clear where the server offers no encryption.
    requireTLS: tls_mode === "starttls",
    tls: TLS_CHECKS,
    maxResponseSize: LONGEST_REPLY_BYTES,
    socketCloseTimeout: GOODBYE_MS,
    transactionLog: true,
    logger: conversationLog({ onReply }),
  })
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})
  const onAbort = () => broken.reject(signal.reason)
  connection.once("error", broken.reject)
  connection.once("end", () => broken.reject(new Error("the connection was closed")))
  signal.addEventListener("abort", onAbort, { once: true })
  try {
    signal.throwIfAborted()
    await settled(done => connection.connect(done))
    if (user !== "") await signIn()
    const strange = [from.address, to].find(needsSmtpUtf8)
    if (strange !== undefined && !progress.offered?.smtputf8) throw new MailFailure(noSmtpUtf8(strange))
    const envelope = { from: asciiAddress(from.address), to: [asciiAddress(to) ?? to] }
    await settled(done => connection.send(envelope, message, done))
    progress.done("accepted", lastReply())
    connection.quit()
  } finally {
    signal.removeEventListener("abort", onAbort)
    connection.close()
  }

  async function signIn(): Promise<void> {
    if (pass === "") throw new MailFailure("The user has no password: set one, or remove the user.")
    if (!connection.allowsAuth) throw new MailFailure(NO_AUTH[tls_mode === "none" ? "clear" : "encrypted"])
    await settled(done => connection.login({ credentials: { user, pass } }, done))
    progress.done(tls_mode === "none" ? `${user}, the password was sent unencrypted` : user, lastReply())
  }

  function settled(work: (done: (error?: Error | null) => void) => void): Promise<void> {
    const working = new Promise<void>((resolve, reject) => work(error => (error ? reject(error) : resolve())))
    return Promise.race([working, broken.promise])
  }

  function lastReply(): string {
    return connection.lastServerResponse || ""
  }

  function onReply(verb: string, reply: string): void {
    if (!/^[23]/.test(reply)) return
    if (verb === "EHLO" || verb === "HELO") onHello(reply)
    if (verb === "greeting" && progress.current === "greeting") progress.done("", reply)
    if (verb === "MAIL" && progress.current === "sender") progress.done(from.address, reply)
    if (verb === "RCPT" && progress.current === "recipient") progress.done(to, reply)
    if (verb === "DATA" && progress.current === "message") progress.delivering = true
  }

  /** The server is greeted once more after STARTTLS. */
  function onHello(reply: string): void {
    progress.offered = offeredBy(reply, progress.offered)
    if (progress.current === "hello") progress.done(greetingName(settings), reply.replace(/\r?\n\d{3}[- ]/g, ", "))
    if (progress.current !== "starttls" || !connection.secure) return
    progress.tls = true
    progress.done(describeTls(connection._socket as TLSSocket))
  }
}

const NO_AUTH = {
  clear: "The server offers no authentication without encryption: try STARTTLS or TLS, or remove the user.",
  encrypted: "The server offers no authentication: remove the user, or use another port.",
} as const

const noSmtpUtf8 = (address: string) =>
  `The server offers no SMTPUTF8, which the letters of ${address} need: use another address, or another server.`
