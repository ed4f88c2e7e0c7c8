import { vi } from "vitest"

/** How long anything may take to come about: a busy machine with two cores is slow, a wrong program never gets there. */
export const PATIENCE_MS = 60_000
const INTERVAL_MS = 10

interface Wait {
  /** A bound that is part of what is tested, in ms. */
  readonly within?: number
  /** How often to look, in ms. */
  readonly every?: number
}

/** Waits until `condition` answers something, and answers it; where that does not come about, says which condition it was. */
export const until = <T>(condition: () => T | Promise<T>, { within = PATIENCE_MS, every = INTERVAL_MS }: Wait = {}) =>
  vi.waitUntil(condition, { timeout: within, interval: every }).catch(error => {
    if (/^Timed out/.test(error.message)) error.message = `waited ${within} ms in vain for ${condition}`
    throw error
  })

/** Waits until `expectations` all hold, and answers what they do. */
export const eventually = <T>(
  expectations: () => T | Promise<T>,
  { within = PATIENCE_MS, every = INTERVAL_MS }: Wait = {},
) => vi.waitFor(expectations, { timeout: within, interval: every })
