import { DeckError, type ErrorCode } from "../../domain/errors.ts"
import { DeadlineError } from "../deadline.ts"
import { NETWORK } from "../network-errors.ts"
import type { Endpoint } from "./endpoint.ts"
import { inContractNames } from "./generation.ts"

/** An error of the pg driver: with a five-character `code` when it comes from PostgreSQL. */
type DriverError = Error & Partial<Record<"code" | "severity" | "detail" | "column" | "constraint", string>>

const SQLSTATE = /^[0-9A-Z]{5}$/

/**
 * Whether the error is an answer of PostgreSQL to what was asked. If so the connection still works; else its state is unknown,
 * and whether a commit was done is: a pooler reports a lost server with a code of its own (08).
 */
export function isAnswer(error: unknown): boolean {
  if (error instanceof DeckError) return true
  const { code = "", severity = "" } = error as DriverError
  // Node's EPIPE has the form of an SQLSTATE, too.
  return SQLSTATE.test(code) && code !== "EPIPE" && !ENDS_CONNECTION.test(code) && !/^(FATAL|PANIC)$/.test(severity)
}

/** Classes of SQLSTATEs that come with the end of a connection. */
const ENDS_CONNECTION = /^(08|57P|25P0[34]|40003)/

const codeOf = (error: unknown): string => (error as DriverError | undefined)?.code ?? ""

/** Whether the server refused to write because it is a standby, or read-only for another reason: nothing was written. */
export const refusesChanges = (error: unknown): boolean =>
  codeOf(error) === "25006" || (codeOf(error) === "0A000" && /during recovery/.test((error as Error).message))

/** Whether the connection or the server is gone, whoever says so: a pooler, the server itself, or the network. */
export function isLost(error: unknown): boolean {
  if (error instanceof DeckError || (error as Error).message === BUSY) return false
  const code = codeOf(error)
  if (SQLSTATE.test(code) && code !== "EPIPE") return ENDS_CONNECTION.test(code)
  return reasonFor(error as DriverError) !== undefined
}

/**
 * Whether a reading that failed so may do better on another connection. Replay on a standby cancels what stands in its way
 * (40001, 40P01), which nothing else does to a reading.
 */
export const isPassingForReads = (error: unknown): boolean =>
  isLost(error) || ["40001", "40P01"].includes(codeOf(error))

/** Whether a table or a column does not exist. */
export const isUnknownName = (error: unknown): boolean => ["42P01", "42703"].includes(codeOf(error))

/** None of the servers of a URL can be used; the message says of each why. */
export class NoServerError extends Error {}

/** What pg and its pool say where a server was not connected to in time, with the time; any other error as it is. */
export const withTime = (error: Error, ms: number): Error =>
  /timeout expired|connection timeout/.test(error.message) ? new DeadlineError(ms) : error

/** Translates the driver's error: what failed, why, and the remedy. Never quotes the URL or the password. */
export function toDeckError(error: unknown, endpoint: Endpoint): DeckError {
  if (error instanceof DeckError) return error
  if (error instanceof NoServerError) return new DeckError("unavailable", error.message, { cause: error })
  const failure = error as DriverError
  const code = failure.code ?? ""
  if (!SQLSTATE.test(code) || code === "EPIPE") return unreachable(failure, endpoint)
  const { code: ours, message, field } = describe(failure, code, endpoint)
  const denied = code === "42501"
  return new DeckError(ours, message, { cause: error, denied, ...(field === undefined ? {} : { field }) })
}

/** Error of a commit whose answer was lost and whose outcome cannot be found out. */
export const unknownOutcome = (error: unknown, endpoint: Endpoint): DeckError =>
  new DeckError(
    "unavailable",
    `PostgreSQL at ${endpoint.address} was lost while saving: the change may or may not be saved, check before you repeat it`,
    { cause: error },
  )

const ASKS_CERTIFICATE =
  "asks for a client certificate: add sslcert=FILE and sslkey=FILE to DATABASE_URL, beside sslmode=verify-full"

interface Description {
  code: ErrorCode
  message: string
  field?: string | undefined
}

/** What a user is believed by. A server that wants both of them says of neither that it is the wrong one. */
const proofOf = ({ config: { ssl } }: Endpoint) =>
  typeof ssl === "object" && ssl.cert ? "password, or the certificate," : "password"

const TAKEN_ROWS: Description = {
  code: "conflict",
  message: "another transaction is changing the same rows: try again",
}

/** One row per kind of answer; the SQLSTATEs are PostgreSQL's (Appendix A of its manual). */
function describe(failure: DriverError, code: string, endpoint: Endpoint): Description {
  const { user, database, address } = endpoint
  const server = `PostgreSQL at ${address}`
  const unavailable = (message: string): Description => ({ code: "unavailable", message })
  if (refusesChanges(failure)) {
    return {
      code: "read_only",
      message: `nothing was changed: ${server} is read-only, as replicas are: name the primary server in DATABASE_URL`,
    }
  }
  switch (code) {
    case "28P01":
      return unavailable(`${server} refused the ${proofOf(endpoint)} of user "${user}": check DATABASE_URL`)
    case "28000":
      if (/client certificate/.test(failure.message)) return unavailable(`${server} ${ASKS_CERTIFICATE}`)
      return unavailable(`${server} rejected user "${user}": ${failure.message}`)
    case "3D000":
      return unavailable(`${server} has no database "${database}": check DATABASE_URL`)
    case "42501":
      return unavailable(`${server} denied permission to user "${user}": ${failure.message}`)
    case "42704":
      if (!failure.message.includes("configuration parameter")) break
      return unavailable(`${server} refused a setting in DATABASE_URL: ${failure.message}`)
    case "42P01":
    case "42703":
      return unavailable(`the database "${database}" has an unexpected schema: ${failure.message}`)
    case "57014":
      return unavailable(`${server} took too long and the query was cancelled: narrow the request, or try again later`)
    case "40001":
    case "40P01":
      if (/conflict with recovery/.test(failure.message)) {
        return unavailable(`${server} is a replica and broke the query off, which kept it from following on: try again`)
      }
      return TAKEN_ROWS
    case "55P03":
      return TAKEN_ROWS
    case "23505":
      return taken(failure)
    case "23503":
      return { code: "conflict", message: `other data depends on this: ${failure.message}` }
    case "22021":
      return { code: "invalid", message: "text must not contain a NUL character" }
  }
  if (ENDS_CONNECTION.test(code) || /^(53|58)/.test(code))
    return unavailable(`${server} is not available: ${failure.message}`)
  if (/^(22|23)/.test(code)) return { code: "invalid", message: failure.message, field: fieldOf(failure) }
  return { code: "internal", message: `PostgreSQL rejected a query: ${failure.message} (${code})` }
}

function taken(failure: DriverError): Description {
  const field = fieldOf(failure)
  return { code: "conflict", message: `${field ?? "this"} is already taken`, field }
}

/** Column of an error by the contract's name: named as such, or in "Key (column)=(value)" of any locale. */
function fieldOf(failure: DriverError): string | undefined {
  const columns = failure.column ?? failure.detail?.match(/\(([^()]+)\)=\(/)?.[1]
  return columns === undefined ? undefined : columns.split(", ").map(inContractNames).at(-1)
}

const UNKNOWN_AUTHORITY = "its certificate is signed by an unknown authority: set sslrootcert in DATABASE_URL"

const REASONS: Readonly<Record<string, string>> = {
  ...NETWORK,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not accept the client certificate: check sslcert in DATABASE_URL",
  ENOENT: "no such socket",
  EACCES: "permission denied for the socket",
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed: set sslrootcert in DATABASE_URL",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
}

function unreachable(failure: DriverError, endpoint: Endpoint): DeckError {
  const reason = reasonFor(failure)
  if (reason !== undefined) {
    return new DeckError("unavailable", `PostgreSQL at ${endpoint.address} cannot be reached: ${reason}`, {
      cause: failure,
    })
  }
  // Not an error of the driver: a fault of the program in the work itself.
  return new DeckError("internal", failure.message ?? String(failure), { cause: failure })
}

/** Why a server cannot be reached; undefined for an error that says nothing about that. */
function reasonFor(failure: DriverError): string | undefined {
  // A host with several addresses fails with one error per address; the reasons are alike.
  const first = failure instanceof AggregateError ? (failure.errors[0] as DriverError) : failure
  const known = REASONS[first.code ?? ""] ?? PHRASES.find(([said]) => first.message?.includes(said))?.[1]
  return known ?? (first instanceof DeadlineError || first.code !== undefined ? first.message : undefined)
}

/** Why `endpoint` will not do, shortly: for a list of several. */
export function reasonOf(error: unknown, endpoint: Endpoint): string {
  const { message } = toDeckError(error, endpoint)
  const reason = message.replace(`PostgreSQL at ${endpoint.address} `, "").replace("cannot be reached: ", "")
  return reason.split(": ")[0] as string
}

/** What pg says where all connections are in use. */
const BUSY = "timeout exceeded when trying to connect"

/** Failures that pg distinguishes by their messages alone. */
const PHRASES: [said: string, reason: string][] = [
  [BUSY, "no connection became free in time"],
  ["timeout expired", "no answer"],
  ["Connection terminated", "the connection was lost"],
  ["Client has encountered a connection error", "the connection was lost"],
  ["Client was closed", "the connection was lost"],
  ["does not support SSL", "it does not support TLS: remove sslmode from DATABASE_URL if that is intended"],
  ["establishing an SSL connection", "TLS could not be established"],
  ["SASL", "it asks for a way of signing in that opsdeck does not know"],
  ["Cannot use a pool after calling end", "the connection was closed"],
]
