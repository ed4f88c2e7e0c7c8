import { lookup } from "node:dns/promises"
import { once } from "node:events"
import { connect as connectTcp, isIP, type Socket } from "node:net"
import { connect as connectTls, type TLSSocket } from "node:tls"
import type { MailSettings } from "../../domain/mail-step.ts"
import type { Progress } from "./progress.ts"

/** Time after which one of several addresses is given up and the next one tried. */
const ATTEMPT_MS = 2_000

/** Certificates are checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
export const TLS_CHECKS = { rejectUnauthorized: true } as const

/** Connects, encrypted already in mode `tls`; the caller destroys the socket. Rejects with Node's errors. */
export async function reach(settings: MailSettings, progress: Progress, signal: AbortSignal): Promise<Socket> {
  const { host, port } = settings
  const addresses = await lookUp(host, signal)
  const listed = addresses.map(({ address }) => address).join(", ")
  progress.done(listed === host ? host : `${host} → ${listed}`)

  const socket = connectTcp({
    host,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
    lookup: (_host, _options, found) => found(null, addresses),
  })
  await established(socket, "connect", signal)
  progress.done(`${socket.remoteFamily === "IPv6" ? `[${socket.remoteAddress}]` : socket.remoteAddress}:${port}`)
  if (settings.tls_mode !== "tls") return socket

  const secured = connectTls({ socket, host, ...TLS_CHECKS, ...(isIP(host) === 0 && { servername: host }) })
  await established(secured, "secureConnect", signal)
  progress.tls = true
  progress.done(describeTls(secured))
  return secured
}

const NAMES_SHOWN = 3

/** Describes the TLS session: `TLS 1.3, smtp.example.com, until 2027-02-01`. */
export function describeTls(socket: TLSSocket): string {
  const { subjectaltname, subject, valid_to } = socket.getPeerCertificate()
  const names = subjectaltname?.split(", ").map(name => name.replace(/^[\w ]+:/, "")) ?? [String(subject?.CN ?? "")]
  const told =
    names.length > NAMES_SHOWN ? [...names.slice(0, NAMES_SHOWN), `${names.length - NAMES_SHOWN} more`] : names
  const end = Date.parse(valid_to)
  const until = Number.isNaN(end) ? valid_to : new Date(end).toISOString().slice(0, 10)
  return [(socket.getProtocol() ?? "TLS").replace("v", " "), ...told, `until ${until}`].join(", ")
}

/** The system's look-up cannot be cancelled; its answer is ignored after the signal. */
async function lookUp(host: string, signal: AbortSignal) {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener("abort", onAbort, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([lookup(host, { all: true }), aborted.promise])
  } finally {
    signal.removeEventListener("abort", onAbort)
  }
}

async function established(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  // Keeps an `error` listener for the life of the socket: later failures are reported by the step that waits then.
  socket.on("error", () => {})
  try {
    await once(socket, event, { signal })
  } catch (error) {
    socket.destroy()
    throw error
  }
}
