import { once } from "node:events"
import { type AddressInfo, createServer, type Server, type Socket } from "node:net"
import { text } from "node:stream/consumers"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"
import { onTestFinished } from "vitest"
import type { Identity } from "./certificates.ts"

/** A mail that the server took, by its envelope. */
interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly text: string
}

export interface TestMailServer {
  readonly port: number
  readonly mails: readonly TakenMail[]
  /** The passwords that somebody signed in with, and whether that was encrypted. */
  readonly logins: readonly { readonly pass: string; readonly secure: boolean }[]
}

export interface MailServerOptions {
  /** TLS from the start, or by STARTTLS, or none. */
  readonly tls?: "tls" | "starttls"
  readonly identity?: Identity
  readonly login?: { readonly user: string; readonly pass: string }
  /** What it says to a recipient, such as `[450, "later"]`; undefined takes them. */
  readonly refuse?: readonly [code: number, words: string]
  /** What it says to a sender. */
  readonly refuseSender?: readonly [code: number, words: string]
  /** Never says what became of a message. */
  readonly stalls?: boolean
}

/** A real SMTP server on the loopback address, until the end of the test. */
export async function startMailServer(options: MailServerOptions = {}): Promise<TestMailServer> {
  const { tls, identity, login, refuse, refuseSender, stalls } = options
  const mails: TakenMail[] = []
  const logins: TestMailServer["logins"][number][] = []
  const answer = (refusal: MailServerOptions["refuse"], done: (error?: Error | null) => void) =>
    done(refusal ? Object.assign(new Error(refusal[1]), { responseCode: refusal[0] }) : null)
  const settings: SMTPServerOptions = {
    ...identity,
    secure: tls === "tls",
    disableReverseLookup: true,
    authOptional: login === undefined,
    allowInsecureAuth: tls === undefined,
    closeTimeout: 1,
    logger: false,
    disabledCommands: [
      ...(tls === undefined ? (["STARTTLS"] as const) : []),
      ...(login === undefined ? (["AUTH"] as const) : []),
    ],
    onAuth({ username, password }, session, done) {
      logins.push({ pass: password ?? "", secure: session.secure })
      if (username === login?.user && password === login?.pass) done(null, { user: username })
      else answer([535, "5.7.8 authentication failed"], done as never)
    },
    onMailFrom: (_address, _session, done) => answer(refuseSender, done),
    onRcptTo: (_address, _session, done) => answer(refuse, done),
    onData(stream, { envelope }, done) {
      const taken = text(stream).then(content => {
        const { mailFrom, rcptTo } = envelope
        mails.push({
          from: mailFrom ? String(mailFrom.address) : "",
          to: rcptTo.map(({ address }) => address),
          text: content,
        })
      })
      if (!stalls) taken.then(() => done(null, "queued as 4711"), done)
    },
  }
  const server = new SMTPServer(settings)
  // A client that goes away in the middle of TLS is no news.
  server.on("error", () => {})
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => new Promise<void>(resolve => server.close(resolve)))
  return { port: portOf(server.server as Server), mails, logins }
}

/** What a server that only pretends says on its own, and to each line. */
export interface Pretence {
  readonly greeting?: (socket: Socket) => void
  readonly answer?: (line: string) => string | undefined
}

/** A server that says what it is told to, until the end of the test; returns its port and the lines that it heard. */
export async function startPretender({ greeting, answer }: Pretence): Promise<{ port: number; heard: string[] }> {
  const sockets = new Set<Socket>()
  const heard: string[] = []
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on("error", () => {})
    greeting?.(socket)
    let rest = ""
    socket.on("data", chunk => {
      const lines = (rest + chunk).split("\r\n")
      rest = lines.pop() as string
      for (const line of lines) {
        heard.push(line)
        const reply = answer?.(line)
        if (reply !== undefined) socket.write(reply)
      }
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, "close")
  })
  return { port: portOf(server), heard }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port
