/** Somebody who hears nothing for so long could take it for a fault. */
const SPEAK_AT_LEAST_EVERY_MS = 1000

/**
 * Hands out snapshots, and none before `drawn` has told that the one before is on the screen: a terminal that takes no
 * output gets fewer of them, not a queue.
 */
export class Publisher<Snapshot> {
  /** The newest one handed out. */
  last: Snapshot | undefined
  private readonly make: () => Snapshot
  private readonly publish: (snapshot: Snapshot) => void
  private isNew = true
  private isDrawing = false
  /** The next one goes out as soon as the last one is drawn. */
  private isUrgent = false
  private publishedAt = 0

  constructor(make: () => Snapshot, publish: (snapshot: Snapshot) => void) {
    this.make = make
    this.publish = publish
  }

  /** The next snapshot will say something new, whenever it is due. */
  note(): void {
    this.isNew = true
  }

  /** Hands one out, or as soon as the console has drawn the one before. */
  now(): void {
    this.isUrgent = this.isDrawing
    if (this.isDrawing) return
    this.isDrawing = true
    this.isNew = false
    this.publishedAt = Date.now()
    this.last = this.make()
    this.publish(this.last)
  }

  /** Hands one out where it says something new and the last one stood for `paceMs`; every second in any case. */
  tick(paceMs: number): void {
    const since = Date.now() - this.publishedAt
    if (this.isDrawing || since < paceMs) return
    if (this.isNew || since >= SPEAK_AT_LEAST_EVERY_MS) this.now()
  }

  /** The console has drawn the last one: what was held back meanwhile may follow. */
  drawn(): void {
    this.isDrawing = false
    if (this.isUrgent) this.now()
  }
}
