import type { SeenLine } from "../../domain/incident/incident-line.ts"
import { ValueStore } from "../../domain/store.ts"
import { type Sight, WhatIsSeen } from "./incident-seen.ts"

/** The incident that is open. */
export interface OpenIncident {
  readonly id: string
  readonly text: string
  readonly since: string
  readonly by: string | null
}

interface Source {
  look(signal: AbortSignal): Promise<OpenIncident | null>
  /** Returns how many of them were pinned already. */
  write(id: string, seen: readonly SeenLine[]): Promise<number>
}

const EVERY_MS = 5_000

/**
 * Looks every five seconds whether an incident is open on this host, and joins it: what the console saw meanwhile, its filter,
 * alerts and bursts, is written down. By itself, since a record that waits for everybody to think of it has holes.
 */
export class IncidentWatch {
  /** Null where none is open, undefined before the first look. */
  readonly states = new ValueStore<OpenIncident | null | undefined>(undefined)
  private readonly source: Source
  private readonly sight: () => Sight
  private readonly closing = new AbortController()
  private seen = new WhatIsSeen()
  private timer: NodeJS.Timeout | undefined

  constructor(source: Source, sight: () => Sight) {
    this.source = source
    this.sight = sight
  }

  start(): void {
    this.timer = setTimeout(() => void this.tick(), 0)
  }

  close(): void {
    this.closing.abort()
    clearTimeout(this.timer)
  }

  /** Looks at once: an incident was begun or ended here. */
  look(): void {
    if (this.timer === undefined) return
    clearTimeout(this.timer)
    void this.tick()
  }

  /** Pins to the open incident; returns how many of these were pinned already. Rejects with DeckError where that cannot be written. */
  async pin(lines: readonly SeenLine[]): Promise<number> {
    const open = this.states.snapshot
    return open ? await this.source.write(open.id, lines) : 0
  }

  private async tick(): Promise<void> {
    this.timer = undefined
    const { signal } = this.closing
    // While it cannot be told, it is as it was.
    const found = await this.source.look(signal).catch(() => this.states.snapshot)
    if (signal.aborted) return
    const before = this.states.snapshot
    if (found?.id !== before?.id) this.seen = new WhatIsSeen()
    if (found?.id !== before?.id || found?.text !== before?.text || before === undefined) this.states.set(found)
    if (found) await this.write(found)
    if (!signal.aborted) this.timer = setTimeout(() => void this.tick(), EVERY_MS)
  }

  /** What could not be written is tried again with the next look. */
  private async write(open: OpenIncident): Promise<void> {
    const { lines, seen } = this.seen.with(this.sight(), Date.parse(open.since), Date.now())
    if (lines.length === 0) return
    await this.source.write(open.id, lines).then(
      () => {
        this.seen = seen
      },
      () => {},
    )
  }
}
