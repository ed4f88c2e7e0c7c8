import { ValueStore } from "../../domain/store.ts"

/** How often what is in sight is read again. */
const EVERY_MS = 10_000

/** Whether anybody sees the screen: not while the console is idle, or hidden by a terminal that is too small. */
export class Presence {
  readonly states = new ValueStore({ isIdle: false, isHidden: false })
  readonly everyMs: number

  /** `everyMs` is the interval at which screens refresh what is in sight. */
  constructor(everyMs = EVERY_MS) {
    this.everyMs = everyMs
  }

  set(change: { readonly isIdle?: boolean; readonly isHidden?: boolean }): void {
    const next = { ...this.states.snapshot, ...change }
    const { isIdle, isHidden } = this.states.snapshot
    if (next.isIdle !== isIdle || next.isHidden !== isHidden) this.states.set(next)
  }
}
