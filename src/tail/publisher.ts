/** Interval between snapshots. */
export const PUBLISH_EVERY_MS = 100
const PUBLISH_SELDOM_MS = 200
const PUBLISH_BESIDE_MS = 500

/** What the interval between snapshots depends on. */
interface Pace {
  /** Whether a shorter interval shows more: not where the view stands still, or is entirely new each time. */
  readonly shows: boolean
  /** Whether the terminal moves movers along with the rows that it scrolls: they are written anew each time. */
  readonly beside: boolean
}

/** Shortest interval between snapshots, in ms; a little less than the timer's. */
export function paceOf({ shows, beside }: Pace): number {
  return (!shows ? PUBLISH_SELDOM_MS : beside ? PUBLISH_BESIDE_MS : PUBLISH_EVERY_MS) - PUBLISH_EVERY_MS / 2
}

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
