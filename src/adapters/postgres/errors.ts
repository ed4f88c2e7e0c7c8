import { DeckError, type ErrorCode } from "../../domain/errors.ts"
import { DeadlineError } from "../deadline.ts"
import { NETWORK } from "../network-errors.ts"
import type { Endpoint } from "./endpoint.ts"
import { inContractNames } from "./generation.ts"

/** An error of the pg driver: with a five-character `code` when it comes from PostgreSQL. */
type DriverError = Error & { code?: string; detail?: string; column?: string; constraint?: string }

const SQLSTATE = /^[0-9A-Z]{5}$/

/** Whether the error is an answer of PostgreSQL. If so the connection still works; else its state is unknown. */
export function isAnswer(error: unknown): boolean {
  if (error instanceof DeckError) return true
  const code = (error as DriverError | undefined)?.code
  // Node's EPIPE has the form of an SQLSTATE, too.
  return code !== undefined && SQLSTATE.test(code) && code !== "EPIPE" && !code.startsWith("57P")
}

/** Whether a table or a column does not exist. */
export const isUnknownName = (error: unknown): boolean => ["42P01", "42703"].includes((error as DriverError).code ?? "")

/** Translates the driver's error: what failed, why, and the remedy. Never quotes the URL or the password. */
export function toDeckError(error: unknown, endpoint: Endpoint): DeckError {
  if (error instanceof DeckError) return error
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

/** Whether a server refused a change as replicas do: its words are two, for beginning one and for making it. */
const takesNoChanges = (code: string, { message }: DriverError) =>
  code === "25006" || (code === "0A000" && /during recovery/.test(message))

interface Description {
  code: ErrorCode
  message: string
  field?: string | undefined
}

/** One row per kind of answer; the SQLSTATEs are PostgreSQL's (Appendix A of its manual). */
function describe(failure: DriverError, code: string, endpoint: Endpoint): Description {
  const { user, database, address } = endpoint
  const server = `PostgreSQL at ${address}`
  const unavailable = (message: string): Description => ({ code: "unavailable", message })
  switch (code) {
    case "28P01":
      return unavailable(`${server} refused the password of user "${user}": check DATABASE_URL`)
    case "28000":
      if (/client certificate/.test(failure.message)) return unavailable(`${server} ${ASKS_CERTIFICATE}`)
      return unavailable(`${server} rejected user "${user}": ${failure.message}`)
    case "3D000":
      return unavailable(`${server} has no database "${database}": check DATABASE_URL`)
    case "42501":
      return unavailable(`${server} denied permission to user "${user}": ${failure.message}`)
    case "0A000":
    case "25006":
      if (!takesNoChanges(code, failure)) break
      return {
        code: "read_only",
        message: `nothing was changed: ${server} is read-only, as replicas are: name the primary server in DATABASE_URL`,
      }
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
    case "55P03":
      return { code: "conflict", message: "another transaction is changing the same rows: try again" }
    case "23505":
      return taken(failure)
    case "23503":
      return { code: "conflict", message: `other data depends on this: ${failure.message}` }
    case "22021":
      return { code: "invalid", message: "text must not contain a NUL character" }
  }
  if (/^(08|53|57P)/.test(code)) return unavailable(`${server} is not available: ${failure.message}`)
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
  // A host with several addresses fails with one error per address; the reasons are alike.
  const first = failure instanceof AggregateError ? (failure.errors[0] as DriverError) : failure
  const reason = REASONS[first.code ?? ""] ?? PHRASES.find(([said]) => first.message?.includes(said))?.[1]
  if (reason !== undefined || first instanceof DeadlineError || first.code !== undefined) {
    const message = `PostgreSQL at ${endpoint.address} cannot be reached: ${reason ?? first.message}`
    return new DeckError("unavailable", message, { cause: failure })
  }
  // Not an error of the driver: a fault of the program in the work itself.
  return new DeckError("internal", first.message ?? String(failure), { cause: failure })
}

/** Failures that pg distinguishes by their messages alone. */
const PHRASES: [said: string, reason: string][] = [
  ["timeout exceeded when trying to connect", "no connection became free in time"],
  ["connection timeout", "no answer"],
  ["timeout expired", "no answer"],
  ["Connection terminated", "the connection was lost"],
  ["Client has encountered a connection error", "the connection was lost"],
  ["Client was closed", "the connection was lost"],
  ["does not support SSL", "it does not support TLS: remove sslmode from DATABASE_URL if that is intended"],
  ["establishing an SSL connection", "TLS could not be established"],
  ["SASL", "it asks for a way of signing in that opsdeck does not know"],
  ["Cannot use a pool after calling end", "the connection was closed"],
]
