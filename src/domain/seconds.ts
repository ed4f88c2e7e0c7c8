interface Slot<Counts> {
  /** Seconds since the epoch. */
  at: number
  counts: Counts
}

const NEVER = -1

/** What was counted in each of the last seconds, in memory that does not grow. In which order seconds are asked for does not matter. */
export class Seconds<Counts> {
  private readonly slots: Slot<Counts>[]
  private readonly begin: (before: Counts | undefined) => Counts

  /** Keeps `length` seconds; `begin` makes what a second counts with, of that of a second long over where there is one. */
  constructor(length: number, begin: (before: Counts | undefined) => Counts) {
    this.slots = Array.from({ length }, () => ({ at: NEVER, counts: begin(undefined) }))
    this.begin = begin
  }

  /** What the second `at`, since the epoch, counts with; undefined where it is too long ago. */
  of(at: number): Counts | undefined {
    const slot = this.slots[at % this.slots.length] as Slot<Counts>
    if (at < slot.at) return undefined
    if (at > slot.at) {
      slot.at = at
      slot.counts = this.begin(slot.counts)
    }
    return slot.counts
  }

  /** What each second counted from the second `from` on and before `to`; undefined for one without anything. */
  between(from: number, to: number): (Counts | undefined)[] {
    return Array.from({ length: to - from }, (_, i) => {
      const slot = this.slots[(from + i) % this.slots.length]
      return slot?.at === from + i ? slot.counts : undefined
    })
  }

  /** Nothing was counted. */
  forget(): void {
    for (const slot of this.slots) slot.at = NEVER
  }
}
