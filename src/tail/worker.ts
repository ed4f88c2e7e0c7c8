import { parentPort, workerData } from "node:worker_threads"
import { openHistory } from "../adapters/history/engines.ts"
import { openRedis } from "../adapters/redis/connections.ts"
import { asDeckError } from "../domain/errors.ts"
import type { TailCommand, TailMessage, TailOptions } from "./protocol.ts"
import { tailSource } from "./source.ts"
import { Tail } from "./tail.ts"

const port = parentPort
if (!port) throw new Error("the tail runs in a worker thread")

const { redis, history } = workerData as TailOptions
const say = (message: TailMessage) => port.postMessage(message)

const past = history && openHistory(history)
const source = tailSource(openRedis(redis), gateway => past?.of(gateway))
const tail = new Tail(source, snapshot => say({ type: "snapshot", snapshot }))

port.on("message", (command: TailCommand) => {
  switch (command.type) {
    case "filter":
      return tail.setFilter(command)
    case "view":
      return tail.setView(command.view)
    case "older":
      return tail.viewpoint.loadOlder()
    case "search":
      return tail.setSearch(command.search)
    case "movers":
      return tail.watchMovers(command.watch)
    case "scroll-beside":
      return tail.scrollBeside()
    case "find":
      return void tail.find(command.generation, command.target).then(found => say({ type: "found", found }))
    case "cancel-search":
      return tail.viewpoint.cancelSearch()
    case "inspect":
      return say({ type: "inspection", inspection: tail.inspect(command.generation, command.ordinal) })
    case "alerts":
      return tail.setAlerts(command.rules)
    case "count":
      return void tail.held.count(command.threshold).then(tally => say({ type: "counted", tally }))
    case "page":
      return void tail.page(command.filter, command.start).then(
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
