/** Interval between snapshots. */
export const PUBLISH_EVERY_MS = 100
/**
 * Interval where a shorter one shows nothing more, since the view stands still or is entirely new each time; and beside
 * movers, which are rewritten because a terminal that scrolls the rows moves them along.
 */
export const PUBLISH_SELDOM_MS = 200

/** Longest interval without a snapshot: longer silence could be mistaken for a failure. */
const LONGEST_SILENCE_MS = 1000

/** Publisher of snapshots, one at a time: a terminal that takes no output gets fewer of them, not a queue. */
export class Publisher<Snapshot> {
  /** The last one published. */
  last: Snapshot | undefined
  private readonly make: () => Snapshot
  private readonly publish: (snapshot: Snapshot) => void
  private isNew = true
  private isDrawing = false
  /** The next one is published as soon as the last one is drawn. */
  private isUrgent = false
  private publishedAt = Number.NEGATIVE_INFINITY

  constructor(make: () => Snapshot, publish: (snapshot: Snapshot) => void) {
    this.make = make
    this.publish = publish
  }

  /** Marks that the next snapshot has news. */
  note(): void {
    this.isNew = true
  }

  /** Publishes now, or as soon as the console has drawn the one before. */
  now(): void {
    this.isUrgent = this.isDrawing
    if (this.isDrawing) return
    this.isDrawing = true
    this.isNew = false
    this.publishedAt = performance.now()
    this.last = this.make()
    this.publish(this.last)
  }

  /** Publishes if there is news and the last one is older than `paceMs`; every second in any case. */
  tick(paceMs: number): void {
    const since = performance.now() - this.publishedAt
    if (this.isDrawing || since < paceMs) return
    if (this.isNew || since >= LONGEST_SILENCE_MS) this.now()
  }

  /** Records that the console has drawn the last one: a delayed one may follow. */
  drawn(): void {
    this.isDrawing = false
    if (this.isUrgent) this.now()
  }
}
