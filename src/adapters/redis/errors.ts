import { DeckError } from "../../domain/errors.ts"
import { DeadlineError } from "../deadline.ts"
import { NETWORK } from "../network-errors.ts"

/** What an operator has to fix before a retry makes sense. */
export type Remedy = "credentials" | "permission" | "key"

export interface Failure {
  /** Text for the user, with the server's address; never with the password. */
  readonly reason: string
  readonly remedy?: Remedy
}

/** Error reply of the server, under the name of ioredis's own. */
export class ReplyError extends Error {
  override readonly name = "ReplyError"
}

/** A connection that ended before it was usable. */
export class UnusableConnectionError extends Error {
  override readonly message =
    "it ended the connection at once: too many clients, protected mode, or is rediss:// meant?"
}

/** An entry whose id is beyond 2^53, which no clock produces: reading on after it would exceed the range of numbers. */
export class IdOutOfRangeError extends Error {
  constructor(id: string) {
    super(
      `the stream cannot be followed beyond entry ${id}, whose id is out of range: its writer must delete the stream`,
    )
  }
}

/** Explains why Redis at `address` failed. An error of the program rather than of Redis is rethrown. */
export function explain(error: unknown, address: string): Failure {
  if (!(error instanceof Error) || error instanceof DeckError) throw error
  const server = `Redis at ${address}`
  if (error.name === "ReplyError") return refusal(error.message, server)
  if (error instanceof IdOutOfRangeError) return { reason: `${server}: ${error.message}`, remedy: "key" }
  // A host with several addresses fails with one error per address; the reasons are alike.
  const first: NodeJS.ErrnoException = error instanceof AggregateError ? error.errors[0] : error
  const cause = REASONS[first.code ?? ""] ?? tlsCause(first.code ?? "")
  if (cause !== undefined) return { reason: `${server} cannot be reached: ${cause}` }
  const ours = error instanceof DeadlineError || error instanceof UnusableConnectionError
  const known = ours || first.code !== undefined || LOST.test(error.message)
  if (!known) throw error
  return {
    reason: `${server} cannot be reached: ${LOST.test(first.message) ? "the connection was lost" : first.message}`,
  }
}

/** The explanation as a DeckError. It has no cause: ioredis's errors hold the command, and AUTH a password. */
export function toDeckError(error: unknown, address: string): DeckError {
  if (error instanceof DeckError) return error
  const { reason, remedy } = explain(error, address)
  return new DeckError("unavailable", reason, { denied: remedy === "permission" })
}

/** The settings to check: only the address shows which of the two databases it was. */
const SETTING = "REDIS_URL or GATEWAY_REDIS_URL"

/** One row per kind of refusal, by the first word of the reply. */
function refusal(text: string, server: string): Failure {
  if (/^(WRONGPASS|ERR invalid password|ERR AUTH)/.test(text)) {
    return { reason: `${server} rejected the user or the password: check ${SETTING}`, remedy: "credentials" }
  }
  if (text.startsWith("NOAUTH")) {
    return { reason: `${server} requires a password: add it to ${SETTING}`, remedy: "credentials" }
  }
  if (text.startsWith("NOPERM")) {
    const said = text.replace(/^NOPERM /, "")
    return { reason: `${server} denied permission: ${said}`, remedy: "permission" }
  }
  if (text.startsWith("WRONGTYPE")) {
    const reason = `${server} holds another type under this key: check the key and the database number`
    return { reason, remedy: "key" }
  }
  if (text.startsWith("ERR unknown command")) {
    return {
      reason: `${server} does not know a command of Redis: is it a Sentinel, or is the command disabled? (${text})`,
    }
  }
  if (text.startsWith("LOADING")) return { reason: `${server} is still loading its data` }
  if (/^(MOVED|ASK|CLUSTERDOWN)/.test(text)) {
    return { reason: `${server} is part of a cluster, which is not supported: ${text}` }
  }
  return { reason: `${server} refused: ${text}` }
}

const REASONS: Readonly<Record<string, string>> = {
  ...NETWORK,
  ERR_STREAM_PREMATURE_CLOSE: "the connection was lost",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS: is redis:// meant?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS: is redis:// meant?",
}
/** How a server's refusal of a client without a certificate arrives: in TLS 1.3 by name. */
const ASKS_CERTIFICATE = /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)|ALERT_NUMBER_(40|116)/
const UNCERTIFIED =
  "it asks for a client certificate, which opsdeck does not present to Redis: set tls-auth-clients to optional, or go through a TLS proxy such as stunnel"
const TLS = /CERT|ISSUER|LEAF_SIGNATURE/
const UNTRUSTED = "its certificate is signed by an unknown authority: set --redis-ca"

/** Messages of ioredis and Node, without a code, for a connection that ended. */
const LOST = /^(Connection is closed|Stream isn't writeable|Command aborted|The operation was aborted)/

const tlsCause = (code: string) => (ASKS_CERTIFICATE.test(code) ? UNCERTIFIED : TLS.test(code) ? UNTRUSTED : undefined)
