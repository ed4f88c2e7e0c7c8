import type { DeckError } from "../domain/errors.ts"
import { toJson } from "../domain/json.ts"
import { type Shown, show, shown } from "../domain/safe-text.ts"
import { withoutSecrets } from "../log-file.ts"
import { newTraceId } from "../services/trace-id.ts"

/** Formats `error` as the one line of standard error (contract, section 7). */
export function errorLine(error: DeckError, json: boolean): string {
  const { code, field, traceId } = error
  // The message may quote a misplaced key.
  const message = withoutSecrets(error.message)
  // An error before an operation begins has no trace in the platform, but scripts find the member all the same.
  if (json) return `${toJson({ error: { code, message, field, trace_id: traceId ?? newTraceId() } })}\n`
  const trace: Shown = traceId === undefined ? shown`` : shown` (trace ${show(traceId)})`
  return `${shown`opsdeck: ${show(message)}${trace}`}\n`
}
