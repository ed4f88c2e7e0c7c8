/**
 * Codes of all failures of an operation, each with its exit status (contract, section 7).
 * `read_only`: no change is possible here.
 * `not_in_force`: the change is saved in PostgreSQL but Redis does not have it yet.
 * `alert`: an awaited rule fired.
 */
export const EXIT_STATUS = {
  internal: 1,
  usage: 2,
  invalid: 2,
  forbidden: 3,
  not_found: 4,
  conflict: 5,
  read_only: 5,
  unavailable: 6,
  not_in_force: 6,
  alert: 7,
  cancelled: 130,
} as const

export type ErrorCode = keyof typeof EXIT_STATUS

export interface ErrorDetails {
  /** The input field or option of the message, in the contract's spelling. */
  field?: string
  /** The trace id of the operation that failed; filled in by the deck. */
  traceId?: string
  /** 0-based column of a mistake within a typed expression, for marking it. */
  column?: number
  /** The fields that another operator changed since they were read. */
  conflicts?: readonly Conflict[]
  /** It failed for want of a right. */
  denied?: boolean
  cause?: unknown
}

/** One field that another operator changed meanwhile; its values are those of the record. */
export interface Conflict {
  readonly field: string
  readonly was: unknown
  readonly theirs: unknown
  readonly yours: unknown
}

/** The only error that services throw. `message` is for people: what is wrong and what to do, never a secret. */
export class DeckError extends Error {
  override readonly name = "DeckError"
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly column: number | undefined
  readonly conflicts: readonly Conflict[]
  readonly denied: boolean
  traceId: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.field = details.field
    this.column = details.column
    this.conflicts = details.conflicts ?? []
    this.denied = details.denied ?? false
    this.traceId = details.traceId
  }

  get exitStatus(): number {
    return EXIT_STATUS[this.code]
  }
}

/** Error of a change that was not saved: for an unreachable server, the message says that nothing was changed. */
export const notSaved = (failure: DeckError): DeckError =>
  failure.code === "unavailable"
    ? new DeckError("unavailable", `not saved: ${failure.message}`, { cause: failure.cause })
    : failure

/** Returns the failure to reach a server; throws every other. */
export function asUnavailable(error: unknown): DeckError {
  const failure = asDeckError(error)
  if (failure.code !== "unavailable") throw error
  return failure
}

/** Undefined where a server is out of reach. Throws every other DeckError. */
export const unlessUnavailable = <T>(found: Promise<T>): Promise<T | undefined> =>
  found.catch(error => void asUnavailable(error))

/** Returns `error` when it is a DeckError; anything else is a fault of the program and becomes `internal`. */
export function asDeckError(error: unknown): DeckError {
  if (error instanceof DeckError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new DeckError("internal", message, { cause: error })
}
