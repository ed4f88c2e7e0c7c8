interface Slot<Counts> {
  /** Seconds since the epoch. */
  at: number
  counts: Counts
}

const NEVER = -1

/** Counts of each of the last seconds, in bounded memory. Seconds may be accessed in any order. */
export class Seconds<Counts> {
  private readonly slots: Slot<Counts>[]
  private readonly begin: (before: Counts | undefined) => Counts

  /** Keeps `length` seconds; `begin` creates the counts of a second, reusing those of an expired one. */
  constructor(length: number, begin: (before: Counts | undefined) => Counts) {
    this.slots = Array.from({ length }, () => ({ at: NEVER, counts: begin(undefined) }))
    this.begin = begin
  }

  /** Returns the counts of the second `at`, since the epoch; undefined where it is too long ago. */
  of(at: number): Counts | undefined {
    const slot = this.slots[at % this.slots.length] as Slot<Counts>
    if (at < slot.at) return undefined
    if (at > slot.at) {
      slot.at = at
      slot.counts = this.begin(slot.counts)
    }
    return slot.counts
  }

  /** Returns the counts of each second from `from` on and before `to`; undefined for one without any. */
  between(from: number, to: number): (Counts | undefined)[] {
    return Array.from({ length: to - from }, (_, i) => {
      const slot = this.slots[(from + i) % this.slots.length]
      return slot?.at === from + i ? slot.counts : undefined
    })
  }

  /** Resets all counts. */
  forget(): void {
    for (const slot of this.slots) slot.at = NEVER
  }
}
