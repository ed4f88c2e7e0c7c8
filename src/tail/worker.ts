import { parentPort, workerData } from "node:worker_threads"
import { openRedis, type RedisOptions } from "../adapters/redis/connections.ts"
import { followStream } from "../adapters/redis/follow.ts"
import { readBack } from "../adapters/redis/read-back.ts"
import { asDeckError } from "../domain/errors.ts"
import type { TailCommand, TailMessage } from "./protocol.ts"
import { Tail } from "./tail.ts"

/** Initial read: the usual window of the movers, or as much of it as can be read in a second. */
const START = { backMs: 5 * 60_000, most: 100_000 }

const port = parentPort
if (!port) throw new Error("the tail runs in a worker thread")

const options = workerData as RedisOptions
const redis = openRedis(options)
const { gateway, stream } = redis.options
const say = (message: TailMessage) => port.postMessage(message)

const tail = new Tail(
  {
    follow: signal => followStream(gateway, stream, START, signal),
    readBack: (before, signal) => readBack(redis.gateway, stream, { before }, signal),
  },
  snapshot => say({ type: "snapshot", snapshot }),
)

port.on("message", (command: TailCommand) => {
  switch (command.type) {
    case "filter":
      return tail.setFilter(command)
    case "view":
      return tail.setView(command.view)
    case "older":
      return tail.loadOlder()
    case "search":
      return tail.setSearch(command.search)
    case "movers":
      return tail.watchMovers(command.watch)
    case "find":
      return void tail.find(command.generation, command.target).then(found => say({ type: "found", found }))
    case "cancel-search":
      return tail.cancelSearch()
    case "inspect":
      return say({ type: "inspection", inspection: tail.inspect(command.generation, command.ordinal) })
    case "alerts":
      return tail.setAlerts(command.rules)
    case "count":
      return void tail.held.count(command.threshold).then(tally => say({ type: "counted", tally }))
    case "page":
      return void tail.held.page(command.filter, command.start).then(
        page => say({ type: "page", page }),
        error => say({ type: "page", page: { failure: asDeckError(error).message } }),
      )
    case "seen":
      return void tail.held.seenFrom(command.address, command.id).then(seen => say({ type: "seen", seen }))
    case "drawn":
      return tail.drawn()
  }
})

await tail.run()
