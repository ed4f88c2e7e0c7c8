/** A source of immutable snapshots outside React. */
export interface Store<Snapshot> {
  readonly snapshot: Snapshot
  subscribe(listener: () => void): () => void
}

/** A store of one value that notifies its listeners when it is replaced. */
export class ValueStore<Snapshot> implements Store<Snapshot> {
  private value: Snapshot
  private readonly listeners = new Set<() => void>()

  constructor(value: Snapshot) {
    this.value = value
  }

  get snapshot(): Snapshot {
    return this.value
  }

  set(value: Snapshot): void {
    if (Object.is(value, this.value)) return
    this.value = value
    for (const listener of this.listeners) listener()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
