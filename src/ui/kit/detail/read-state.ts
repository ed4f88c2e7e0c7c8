import type { UseQueryResult } from "@tanstack/react-query"
import { asDeckError } from "../../../domain/errors.ts"

/** State of one reading; `value` may be older than the failure beside it. */
export type ReadState<Value = unknown> = ReturnType<typeof readState<Value>>

/** Returns the state of a query, or of a part that its subject holds. */
export function readState<Value>(query: UseQueryResult<Value> | undefined, own?: Value) {
  if (query === undefined || own !== undefined) {
    return { value: own, asOf: null, reading: false, failure: undefined }
  }
  const { data, dataUpdatedAt, isFetching, failureReason } = query
  return {
    value: data,
    /** Time it was read, ms since the epoch; null before that, and for a part of the subject. */
    asOf: data === undefined ? null : dataUpdatedAt,
    /** It is read for the first time. */
    reading: isFetching && data === undefined,
    failure: failureReason ? asDeckError(failureReason) : undefined,
  }
}
