import { Worker } from "node:worker_threads"
import type { LogSearch } from "../../domain/access-log-search.ts"
import { DeckError } from "../../domain/errors.ts"
import type { MoversWatch } from "../../domain/movers/movers-snapshot.ts"
import { ValueStore } from "../../domain/store.ts"
import type { ThresholdTally } from "../../domain/threshold-count.ts"
import { inHostTime } from "../../tail/link.ts"
import type {
  Found,
  Inspection,
  LogFilter,
  LogTarget,
  MatchPage,
  PageStart,
  PastRowStart,
  TailCommand,
  TailMessage,
  TailOptions,
  TailSnapshot,
  View,
} from "../../tail/protocol.ts"
import type { SeenFrom } from "../../tail/seen-from.ts"

/** The console's side of the tail: a store of its newest snapshot, and its commands. */
export type TailClient = ReturnType<typeof startTail>

type PageRequest = Omit<Extract<TailCommand, { type: "page" }>, "type">
type PageAnswer = Extract<TailMessage, { type: "page" }>["page"]

/** Returns a queue of requests, one at a time: an answer does not say which request it belongs to. */
function requestQueue<Request, Answer>(send: (request: Request) => void) {
  let last: Promise<unknown> = Promise.resolve()
  let resolve = (_answer: Answer) => {}
  return {
    request(request: Request): Promise<Answer> {
      const answered = last.then(() => {
        send(request)
        return new Promise<Answer>(answer => {
          resolve = answer
        })
      })
      last = answered
      return answered
    },
    resolve: (answer: Answer) => resolve(answer),
  }
}

/** Small young generation: received data is soon garbage, and is collected sooner in less room; some 50 MB in all. */
const YOUNG_MB = 6

/**
 * Starts the tail in a separate thread, so that a terminal which takes no output cannot stop the reading. Calls
 * `onFault` when the thread ends unexpectedly.
 */
export function startTail(options: TailOptions, onFault: (error: Error) => void) {
  const worker = new Worker(new URL("./tail-worker.js", import.meta.url), {
    workerData: options,
    name: "tail",
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    // The thread's own streams would write to the terminal directly, Node's warnings among them.
    stdout: true,
    stderr: true,
  })
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding("utf8").on("data", text => console.error("tail:", text))
  }
  const snapshots = new ValueStore<TailSnapshot | null>(null)
  const inspections: ((inspection: Inspection | null) => void)[] = []
  const counts = requestQueue<number, ThresholdTally>(threshold => say({ type: "count", threshold }))
  const finds = requestQueue<Omit<Extract<TailCommand, { type: "find" }>, "type">, Found>(request =>
    say({ type: "find", ...request }),
  )
  const seen = requestQueue<{ address: string; id: string }, SeenFrom>(request => say({ type: "seen", ...request }))
  const pages = requestQueue<PageRequest, PageAnswer>(request => say({ type: "page", ...request }))
  worker.on("message", (message: TailMessage) => {
    if (message.type === "counted") return counts.resolve(message.tally)
    if (message.type === "found") return finds.resolve(message.found)
    if (message.type === "seen") return seen.resolve(message.seen)
    if (message.type === "page") return pages.resolve(message.page)
    if (message.type === "inspection") return inspections.shift()?.(message.inspection)
    const { link, gateways } = message.snapshot
    const times = { link: inHostTime(link), gateways: gateways.map(one => ({ ...one, link: inHostTime(one.link) })) }
    snapshots.set({ ...message.snapshot, ...times })
    // After keys and timers had their turn: a console that draws slowly gets fewer snapshots, not a queue of them.
    setImmediate(() => say({ type: "drawn" }))
  })
  worker.on("error", onFault)
  const say = (command: TailCommand) => worker.postMessage(command)
  let generation = 0
  return {
    snapshots,
    /** Generation of the snapshots of the latest filter. */
    get generation() {
      return generation
    },
    filter: (filter: LogFilter) => {
      generation++
      say({ type: "filter", ...filter })
    },
    view: (view: View) => say({ type: "view", view }),
    loadOlder: () => say({ type: "older" }),
    /** Returns a complete entry; null when it is no longer held, or the filter has changed. */
    inspect: (generation: number, ordinal: number) =>
      new Promise<Inspection | null>(resolve => {
        inspections.push(resolve)
        say({ type: "inspect", generation, ordinal })
      }),
    /** Sets the text that rows are marked by and `find` goes to; null for none. */
    search: (search: LogSearch | null) => say({ type: "search", search }),
    /** Tells who was seen from `address` in the ring, and when after the entry `id`; one question after another. */
    seenFrom: (address: string, id: string) => seen.request({ address, id }),
    /** Sets the movers that snapshots report; null for none. */
    watchMovers: (watch: MoversWatch | null) => say({ type: "movers", watch }),
    /** Tells that the terminal scrolls the rows and leaves what stands beside them. */
    scrollBeside: () => say({ type: "scroll-beside" }),
    /** Replaces the alert rules, without duplicates; they were checked already. */
    setAlerts: (rules: readonly string[]) => say({ type: "alerts", rules }),
    /**
     * Finds a target among the matches of a generation, in those held or up to 20 000 entries of the stream before them;
     * not found under another filter, and as soon as `signal` fires.
     */
    find: async (generation: number, target: LogTarget, signal: AbortSignal) => {
      const cancel = () => say({ type: "cancel-search" })
      signal.addEventListener("abort", cancel)
      return finds.request({ generation, target }).finally(() => signal.removeEventListener("abort", cancel))
    },
    /** Cancels what is looked for, also the entry that a filter stays at. */
    cancelSearch: () => say({ type: "cancel-search" }),
    /** Counts the requests in the ring that a risk threshold (0 to 1) would have blocked; one count after another. */
    count: (threshold: number) => counts.request(threshold),
    /**
     * Reads what passes `filter` of ring and stream, newest first, page by page to the end; with `pastRow` the past from the row
     * of that ordinal on, which is in the view of the past. Throws DeckError
     * "unavailable" where the stream cannot be read, and the reason of `signal` when it fires.
     */
    async *matches(filter: LogFilter, signal: AbortSignal, pastRow?: number): AsyncIterable<MatchPage> {
      let start: PageStart | PastRowStart | undefined | null = pastRow === undefined ? undefined : { pastRow }
      while (start !== null) {
        const page: PageAnswer = await pages.request({ filter, start })
        signal.throwIfAborted()
        if ("failure" in page) throw new DeckError("unavailable", page.failure)
        yield page
        start = page.next
      }
    },
    close: async () => void (await worker.terminate()),
  }
}
