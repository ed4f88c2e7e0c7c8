import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import { isPassing } from "../../runtime/query.ts"
import { useDrawnSince } from "../drawn-since.ts"

/** State of a preview. */
export type PreviewState<Seen> =
  | { readonly state: "reading" }
  | { readonly state: "known"; readonly seen: Seen }
  /** Preview before an option was changed, or the connection was lost: it is being read again. */
  | { readonly state: "outdated"; readonly seen: Seen; readonly error: DeckError | undefined }
  | { readonly state: "unreachable"; readonly error: DeckError }
  | { readonly state: "refused"; readonly error: DeckError }

/**
 * Reads a preview with `ask`, again whenever `key` changes and until there is an answer. An older answer never stands
 * for a newer question. While `paused` nothing is read.
 */
export function usePreview<Seen>(
  key: readonly unknown[],
  ask: (signal: AbortSignal) => Promise<Seen>,
  paused: boolean,
): PreviewState<Seen> {
  const { data, failureReason, isFetching, isPlaceholderData } = useQuery({
    queryKey: ["preview", ...key],
    queryFn: ({ signal }) => ask(signal),
    placeholderData: keepPreviousData,
    enabled: !paused,
    gcTime: 0,
  })
  const error = failureReason ? asDeckError(failureReason) : undefined
  if (error && !isPassing(error)) return { state: "refused", error }
  if (data === undefined) return error ? { state: "unreachable", error } : { state: "reading" }
  return isFetching || isPlaceholderData ? { state: "outdated", seen: data, error } : { state: "known", seen: data }
}

/** Returns since when the preview has been on the terminal, as `useDrawnSince`: keys from before that must not confirm it. */
export function useSeenSince<Seen>(previewState: PreviewState<Seen>): () => number {
  const known = previewState.state === "known" ? previewState.seen : undefined
  const since = useDrawnSince(known)
  return () => (known === undefined ? Number.POSITIVE_INFINITY : since())
}
