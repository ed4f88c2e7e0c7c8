import { afterEach, beforeEach, vi } from "vitest"

/** Sets the clock for every test of a file, which draws ages: timers run as ever. */
export function clockAt(time: string): void {
  beforeEach(() => void vi.setSystemTime(time))
  afterEach(() => void vi.useRealTimers())
}
