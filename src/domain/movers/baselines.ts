import { type Begun, causeOf, type Deviation, type Observed } from "./deviations.ts"

/** For so long what stood out may not, and is still the same: the length of a window. */
const GONE_AFTER_MS = 300_000
/** What began longer ago is not new. */
const NEW_MS = 600_000

interface Held {
  readonly begunAt: number
  /** Start of the window before it began. */
  readonly fromMs: number
  seenAt: number
  before: Observed | null
}

/**
 * What was before each thing that stands out began to: it is compared with that for as long as it lasts, since later windows
 * hold it themselves.
 */
export class Baselines {
  private readonly held = new Map<string, Held>()

  /** Returns what stood out until now; `windowFrom` gives the summaries of a window, null where that was not seen. */
  begun(nowMs: number, windowFrom: (fromMs: number) => Observed | null): ReadonlyMap<string, Begun> {
    for (const [cause, { seenAt }] of this.held) if (nowMs - seenAt > GONE_AFTER_MS) this.held.delete(cause)
    for (const one of this.held.values()) one.before ??= kept(windowFrom(one.fromMs))
    return new Map([...this.held].map(([cause, one]) => [cause, { ...one, isNew: nowMs - one.begunAt < NEW_MS }]))
  }

  /** Remembers what was found at `nowMs`, where the window before the present one begins at `fromMs`. */
  note(found: readonly Deviation[], nowMs: number, fromMs: number, before: Observed | null): void {
    const own = kept(before)
    for (const one of found) {
      const known = this.held.get(causeOf(one))
      if (known) known.seenAt = nowMs
      else this.held.set(causeOf(one), { begunAt: nowMs, seenAt: nowMs, fromMs, before: own })
    }
  }

  /** Has the summaries made anew, for another filter. */
  recount(): void {
    for (const one of this.held.values()) one.before = null
  }

  forget(): void {
    this.held.clear()
  }
}

/** Returns what a deviation is compared with, without the slices that it was merged from. */
function kept(observed: Observed | null): Observed | null {
  if (observed === null) return null
  const { requests, seconds } = observed
  const [all, troubled] = [observed.all("route"), observed.troubled("route")]
  const pairs = { user: observed.pairs("user"), network: observed.pairs("network") }
  return { requests, seconds, all: () => all, troubled: () => troubled, pairs: key => pairs[key] }
}
