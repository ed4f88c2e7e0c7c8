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

/** Why the server at `address` failed: which one it is, is known where it is found by others. */
export class ServerError extends Error {
  readonly address: string
  override readonly cause: unknown

  constructor(address: string, cause: unknown) {
    super("a server failed")
    this.address = address
    this.cause = cause
  }
}

/** A connection that ended before it was usable. */
export class UnusableConnectionError extends Error {
  override readonly message =
    "it ended the connection at once: too many clients, protected mode, or is rediss:// meant?"
}

/** A node of a Cluster that no longer has the key, of which it says where it is. */
export class MovedError extends Error {}

/** A server that Sentinels still name as the primary, and that is a replica. */
export class DemotedError extends Error {}

/** A server that its Sentinels no longer call the primary. */
export class ReplacedError extends Error {}

/** A Sentinel that watches others. */
export class UnknownPrimaryError extends Error {
  /** The primaries that it watches. */
  readonly watched: readonly string[]

  constructor(watched: readonly string[]) {
    super("no such primary")
    this.watched = watched
  }
}

/** None of the Sentinels could say where the primary is; at least one of them failed. */
export class SentinelsError extends Error {
  readonly primary: string
  readonly failures: readonly ServerError[]

  constructor(primary: string, failures: readonly ServerError[]) {
    super("no Sentinel answered")
    this.primary = primary
    this.failures = failures
  }
}

/** An entry whose id is beyond 2^53, which no clock produces: reading on after it would exceed the range of numbers. */
export class IdOutOfRangeError extends Error {
  constructor(id: string) {
    super(
      `the stream cannot be followed beyond entry ${id}, whose id is out of range: its writer must delete the stream`,
    )
  }
}

/** A server in words, and the setting that holds the account which it is used with. */
interface Named {
  readonly server: string
  readonly account: string
}

/** The settings to check: only the address shows which of the two databases it was. */
const SETTING = "REDIS_URL or GATEWAY_REDIS_URL"

/** Explains why Redis at `address` failed. An error of the program rather than of Redis is rethrown. */
export function explain(error: unknown, address: string): Failure {
  if (error instanceof ServerError) return explain(error.cause, error.address)
  if (error instanceof SentinelsError) return explainSentinels(error)
  return explainServer(error, { server: `Redis at ${address}`, account: SETTING })
}

function explainServer(error: unknown, { server, account }: Named): Failure {
  if (!(error instanceof Error) || error instanceof DeckError) throw error
  if (error instanceof UnknownPrimaryError) return { reason: `${server} does not watch it` }
  if (error.name === "ReplyError") return refusal(error.message, { server, account })
  if (error instanceof IdOutOfRangeError) return { reason: `${server}: ${error.message}`, remedy: "key" }
  if (error instanceof MovedError) return { reason: `${server} has just given the key to another node of its Cluster` }
  if (error instanceof ReplacedError) return { reason: `${server} is not what its Sentinels call the primary any more` }
  if (error instanceof DemotedError) {
    return { reason: `${server} is a replica now, and its Sentinels name no other primary yet` }
  }
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

/** Of what the Sentinels said, what a person can act on: a name or an account that is wrong, else why the first is out of reach. */
function explainSentinels({ primary, failures }: SentinelsError): Failure {
  const unknown = failures.find(({ cause }) => cause instanceof UnknownPrimaryError)
  if (unknown !== undefined) {
    const { watched } = unknown.cause as UnknownPrimaryError
    const others = watched.length === 0 ? "nothing" : watched.join(", ")
    return {
      reason: `the Sentinel at ${unknown.address} does not watch ${primary}, but ${others}: check the name in ${SETTING}`,
    }
  }
  const refused = failures.find(({ cause }) => (cause as Error).name === "ReplyError")
  const { address, cause } = (refused ?? failures[0]) as ServerError
  if (/^ERR unknown command/.test((cause as Error).message)) {
    return { reason: `Redis at ${address} is no Sentinel: name the Sentinels, or write redis:// in ${SETTING}` }
  }
  const first = explainServer(cause, { server: `the Sentinel at ${address}`, account: "OPSDECK_SENTINEL_PASSWORD" })
  if (refused !== undefined || failures.length === 1) return first
  return { ...first, reason: `none of the ${failures.length} Sentinels of ${primary} answers; ${first.reason}` }
}

/** The explanation as a DeckError. It has no cause: ioredis's errors hold the command, and AUTH a password. */
export function toDeckError(error: unknown, address: string): DeckError {
  if (error instanceof DeckError) return error
  const { reason, remedy } = explain(error, address)
  return new DeckError("unavailable", reason, { denied: remedy === "permission" })
}

/** One row per kind of refusal, by the first word of the reply. */
function refusal(text: string, { server, account }: Named): Failure {
  if (/^(WRONGPASS|ERR invalid password|ERR AUTH)/.test(text)) {
    return { reason: `${server} rejected the user or the password: check ${account}`, remedy: "credentials" }
  }
  if (text.startsWith("NOAUTH")) {
    return { reason: `${server} requires a password: add it to ${account}`, remedy: "credentials" }
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
  if (text.startsWith("MOVED") && account === SETTING) return { reason: `${server} ${IN_CLUSTER}` }
  const words = REFUSALS[text.split(" ", 1)[0] as string]
  return { reason: words === undefined ? `${server} refused: ${text}` : `${server} ${words}` }
}

const IN_CLUSTER = `is a node of a Cluster, and another one has the key: write redis+cluster:// in ${SETTING}`

/** What a server says that cannot do what it is asked just now, and what somebody can do about it. */
const REFUSALS: Readonly<Record<string, string>> = {
  LOADING: "is still loading its data",
  ASK: "is a node of a Cluster, which is just giving the key to another one",
  TRYAGAIN: "is a node of a Cluster, which is just giving the keys to another one: try again",
  CLUSTERDOWN: "says that its Cluster is down: nodes that hold a part of the keys are missing (CLUSTER INFO tells)",
  CROSSSLOT: "is a node of a Cluster, which does not have all of the keys",
  MASTERDOWN:
    "is a replica that has lost its primary and answers nothing until it has one (replica-serve-stale-data no)",
  READONLY: `is a read-only replica: changes are made on its primary, so name that, or its Sentinels, in ${SETTING}`,
  NOREPLICAS: "takes no changes: it has too few replicas at work (min-replicas-to-write)",
  MISCONF: "takes no changes: it cannot save its data to disk",
  OOM: "takes no changes: its memory is full (maxmemory)",
  UNBLOCKED: "has just become a replica",
}

const REASONS: Readonly<Record<string, string>> = {
  ...NETWORK,
  ENOENT: "there is no such socket: is it running, and with this unixsocket?",
  EACCES: "this account may not use its socket (unixsocketperm)",
  ERR_STREAM_PREMATURE_CLOSE: "the connection was lost",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS: is redis:// meant?",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS: is redis:// meant?",
}
/** How a server's refusal of a client without a certificate arrives: in TLS 1.3 by name. */
const ASKS_CERTIFICATE = /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)|ALERT_NUMBER_(40|116)/
const UNCERTIFIED = "it asks for a client certificate: give one with --redis-cert and --redis-key"
/** How it refuses one that it does not like. */
const REFUSES_CERTIFICATE =
  /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN))|ALERT_NUMBER_4[2-8]/
const REFUSED_CERTIFICATE = "it does not accept the client certificate of --redis-cert"
const TLS = /CERT|ISSUER|LEAF_SIGNATURE/
const UNKNOWN_AUTHORITY = "its certificate is signed by an unknown authority: set --redis-ca"

/** Messages of ioredis and Node, without a code, for a connection that ended. */
const LOST = /^(Connection is closed|Stream isn't writeable|Command aborted|The operation was aborted)/

function tlsCause(code: string): string | undefined {
  if (ASKS_CERTIFICATE.test(code)) return UNCERTIFIED
  if (REFUSES_CERTIFICATE.test(code)) return REFUSED_CERTIFICATE
  return TLS.test(code) ? UNKNOWN_AUTHORITY : undefined
}
