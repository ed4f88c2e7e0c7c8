import type { LogEvent } from "../adapters/redis/follow-log.ts"
import { type LogSearch, searchTest } from "../domain/access-log-search.ts"
import type { MoversWatch } from "../domain/movers/movers-snapshot.ts"
import { toAccessLogEntry } from "../domain/to-access-log-entry.ts"
import { TailAlerts } from "./alerts.ts"
import { GatewayLinks } from "./gateway-links.ts"
import { isEntry } from "./held.ts"
import { HeldRequests } from "./held-requests.ts"
import { MatchStats } from "./match-stats.ts"
import { Matches } from "./matches.ts"
import type { Sought } from "./past/past.ts"
import type {
  Found,
  Inspection,
  LogFilter,
  LogTarget,
  MatchPage,
  PageStart,
  PastRowStart,
  TailSnapshot,
  View,
} from "./protocol.ts"
import { PUBLISH_EVERY_MS, Publisher, paceOf } from "./publisher.ts"
import { Ring } from "./ring.ts"
import { RingScan } from "./ring-scan.ts"
import { leavesInSeconds } from "./rows.ts"
import type { TailSource } from "./source.ts"
import { StreamStart } from "./stream-start.ts"
import { HeldTimeline } from "./timeline.ts"
import { Viewpoint } from "./viewpoint.ts"
import { WatchedMovers } from "./watched-movers.ts"

/**
 * The live log without a screen: reads the stream into the ring, counts, filters, and publishes an immutable snapshot at
 * the pace of `publisher`, or at once when a command changes the view, and never before `drawn` has reported the one before.
 */
export class Tail {
  /** Questions about the requests that are held. */
  readonly held: HeldRequests
  /** Position of the console's view. */
  readonly viewpoint: Viewpoint
  private readonly source: TailSource
  private readonly publisher: Publisher<TailSnapshot>
  private readonly ring: Ring
  private readonly matches: Matches
  private readonly stats = new MatchStats()
  private readonly watched = new WatchedMovers()
  private readonly alerts: TailAlerts
  private readonly stopping = new AbortController()
  private readonly links: GatewayLinks
  private readonly scan: RingScan
  private seen = 0
  private scrollsBeside = false
  /** The text that is searched for; undefined for none. */
  private sought: Sought | undefined
  private readonly timeline: HeldTimeline
  private readonly start = new StreamStart()

  constructor(source: TailSource, publish: (snapshot: TailSnapshot) => void, ring = new Ring()) {
    this.source = source
    this.links = new GatewayLinks(source.gateways)
    this.publisher = new Publisher(() => this.snapshot(), publish)
    this.ring = ring
    const { reader } = source
    this.held = new HeldRequests(ring, reader, this.start, this.stopping.signal)
    this.matches = new Matches(
      ring,
      () => true,
      this.watched.movers,
      entry => this.stats.acceptBefore(entry),
    )
    this.alerts = new TailAlerts(marker => {
      this.matches.accept(marker)
      this.publisher.note()
    })
    this.scan = new RingScan(this.matches, isDone => this.scanned(isDone))
    this.viewpoint = new Viewpoint(ring, this.matches, reader, this.start, () => this.publisher.now())
    this.timeline = new HeldTimeline(ring, this.matches)
  }

  /** Reads until `stop`. */
  async run(): Promise<void> {
    const clock = setInterval(() => this.tick(), PUBLISH_EVERY_MS)
    try {
      for await (const event of this.source.follow(this.stopping.signal)) this.take(event)
    } finally {
      clearInterval(clock)
    }
  }

  stop(): void {
    this.stopping.abort()
    this.viewpoint.stop()
  }

  setFilter(filter: LogFilter): void {
    this.viewpoint.restart(filter)
    this.watched.recount(this.start.now)
    this.stats.setFilter(filter.text !== "")
    if (!this.scan.begin(filter)) this.publisher.now()
  }

  setView(view: View): void {
    this.viewpoint.set(view)
    this.publisher.now()
  }

  /** Sets the text that rows are marked by and `find` goes to; null for none. */
  setSearch(search: LogSearch | null): void {
    this.sought = search === null ? undefined : { search, test: searchTest(search) }
    this.publisher.now()
  }

  /** Sets the movers that snapshots report; null for none. */
  watchMovers(watch: MoversWatch | null): void {
    this.watched.setWatch(watch)
    this.publisher.now()
  }

  /** The terminal scrolls the rows and leaves what stands beside them. */
  scrollBeside(): void {
    this.scrollsBeside = true
  }

  /** Replaces the alert rules by these, which were checked already. */
  setAlerts(rules: readonly string[]): void {
    this.alerts.setRules(rules)
    this.publisher.now()
  }

  /** Returns a complete entry by its ordinal; null when it is no longer held, or the filter has changed. */
  inspect(generation: number, ordinal: number): Inspection | null {
    const held = generation === this.scan.generation ? this.viewpoint.rows.at(ordinal) : undefined
    return held && isEntry(held) ? { ordinal, entry: toAccessLogEntry(held), pairs: held.pairs() } : null
  }

  /** Finds a target among the matches of a generation; not found once it is cancelled, or the filter has changed. */
  find(generation: number, target: LogTarget): Promise<Found> {
    return this.viewpoint.find(target, () => generation === this.scan.generation, this.sought)
  }

  /** As `HeldRequests.page`; or of the past, from a row of its view on. */
  async page(filter: LogFilter, start: PageStart | PastRowStart | undefined): Promise<MatchPage> {
    const isRow = start !== undefined && "pastRow" in start
    return this.held.page(filter, isRow ? { past: this.viewpoint.upTo(start.pastRow) } : start)
  }

  private take(event: LogEvent): void {
    this.links.take(event)
    switch (event.kind) {
      case "connected":
        this.start.connected(event.after, event.now, event.gateway)
        this.watched.movers.see(event.now)
        break
      case "entries":
        this.seen += event.entries.length
        for (const entry of event.entries) {
          this.alerts.accept(entry)
          this.stats.accept(entry, this.matches.accept(entry))
        }
        if (this.isBlank && this.matches.length > 0) this.publisher.now()
        break
      case "reset":
      case "gap":
      case "ahead":
      case "late":
        // Of several gateways the others go on.
        if (event.kind === "reset" && event.gateway === undefined) this.restart()
        this.matches.accept(event)
        break
      case "idle":
        this.start.heard(event.now, event.gateway)
        this.alerts.tick(this.start.now)
        return
    }
    this.publisher.note()
  }

  private restart(): void {
    this.start.restart()
    this.stats.restart()
    this.alerts.restart()
    this.watched.restart(this.start.now)
  }

  private scanned(isDone: boolean): void {
    this.publisher.note()
    if (!isDone) return
    // Nothing was ever dropped: the ring holds everything since reading began.
    if (this.ring.start === 0) this.watched.movers.see(this.start.connectedAt)
    this.watched.invalidate()
    this.publisher.now()
    const { generation, stayAt } = this.scan
    if (stayAt !== null) void this.viewpoint.stay(stayAt, () => generation === this.scan.generation)
  }

  /** The console has drawn the last snapshot. */
  drawn(): void {
    this.publisher.drawn()
  }

  private tick(): void {
    if (this.links.link.state === "live") this.viewpoint.fill()
    this.viewpoint.tidy()
    this.publisher.tick(this.pace)
  }

  /** Whether no row was published yet: the first are published at once. */
  private get isBlank(): boolean {
    const { last } = this.publisher
    return last === undefined || last.start === last.end
  }

  private get pace(): number {
    const { following, rows } = this.viewpoint.view
    const isAllNew = this.matches.end - (this.publisher.last?.end ?? 0) >= rows
    return paceOf({ shows: following && !isAllNew, beside: this.watched.isWatched && !this.scrollsBeside })
  }

  private snapshot(): TailSnapshot {
    const { matches, start, viewpoint } = this
    const { now } = start
    const { view } = viewpoint
    const { top, ...rows } = viewpoint.snapshot(this.sought?.test)
    const { all: statistics, matching } = this.stats.snapshot(now)
    const state = `${this.scan.generation} ${matches.scanned === 1}`
    const timeline = viewpoint.timeline ?? this.timeline.snapshot(view.bars, matching !== null, state)
    return {
      generation: this.scan.generation,
      filter: this.scan.text,
      link: this.links.link,
      gateways: this.links.each(now),
      now,
      statistics,
      matchStatistics: matching,
      seen: this.seen,
      held: this.ring.length,
      matching: matches.inRing,
      newest: matches.end,
      ...rows,
      scanned: matches.scanned,
      leavesInSeconds: view.following || rows.past ? null : leavesInSeconds(this.ring, matches.numberOf(top), now),
      timeline: timeline.all,
      matchTimeline: timeline.matching,
      movers: this.watched.snapshot(now),
      deviations: this.watched.deviations(now),
      alerts: this.alerts.states,
    }
  }
}
