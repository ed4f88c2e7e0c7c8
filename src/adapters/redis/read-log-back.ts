import { comesBeforeOther } from "../../domain/entry-name.ts"
import { mergedSteps } from "../../domain/merged-steps.ts"
import type { StreamEntry } from "../../domain/stream-entry.ts"
import type { Gateway } from "./connections.ts"
import { type Range, readBack } from "./read-back.ts"

/** Where reading starts and ends; `before` is by gateway, and those without one start at `upTo`. */
export interface LogRange extends Omit<Range, "before"> {
  readonly before?: ReadonlyMap<string, string> | undefined
}

/**
 * Reads the entries of all gateways, newest first: by milliseconds, gateway, id (contract, section 10), in steps of bounded size.
 * Throws DeckError.
 */
export async function* readLogBack(
  gateways: readonly Gateway[],
  { before, ...range }: LogRange,
  signal: AbortSignal,
): AsyncGenerator<readonly StreamEntry[]> {
  const sources = gateways.map(gateway => {
    const start = before?.get(gateway.name)
    return readBackOf(gateway, { ...range, ...(start !== undefined && { before: start }) }, signal)
  })
  yield* mergedSteps(sources, (one, other) => comesBeforeOther(other, one))
}

/** Reads the entries of one gateway, newest first, with its name. Throws DeckError. */
export async function* readBackOf(
  { name, client, stream }: Gateway,
  range: Range,
  signal: AbortSignal,
): AsyncGenerator<StreamEntry[]> {
  for await (const entries of readBack(client, stream, range, signal)) {
    if (name !== "") for (const entry of entries) entry.gateway = name
    yield entries
  }
}
