import type { z } from "zod"
import { toJson } from "../domain/json.ts"
import { type Shown, show, shown } from "../domain/safe-text.ts"
import type { Output } from "./output.ts"
import { type Row, tableFor } from "./table.ts"

/** Event of a feed beside its rows, part of the answer like them. */
type FeedEvent = Row & { readonly event: "gap" | "reset" }

/** Prints the `items` of a feed, a line each; a slow pipe slows the feed. Notes go to `notes`, with `json` as well. */
export async function printFeed(
  items: AsyncIterable<unknown>,
  row: z.core.$ZodType,
  json: boolean,
  { output, notes }: { output: Output; notes: Output },
): Promise<void> {
  const lineOf = json ? toJson : readableLines(row, output)
  for await (const item of items as AsyncIterable<Row>) {
    if (item.event === "note") await notes.write(`${shown`opsdeck: ${show(String(item.message))}`}\n`)
    else await output.write(`${lineOf(item)}\n`)
  }
}

/** Formats an item for people; the first row is preceded by the header, in the same columns. */
function readableLines(row: z.core.$ZodType, output: Output): (item: Row) => string {
  const table = tableFor(row, output)
  let begun = false
  return item => {
    if (isEvent(item)) return loss(item)
    if (begun) return table.line(item)
    begun = true
    table.measure(item)
    return `${table.header()}\n${table.line(item)}`
  }
}

const isEvent = (item: Row): item is FeedEvent => typeof item.event === "string"

function loss(event: FeedEvent): Shown {
  const text = lossText(event)
  return event.gateway === undefined ? shown`-- ${text} --` : shown`-- ${show(String(event.gateway))}: ${text} --`
}

function lossText({ event, lost, from, to, failover }: FeedEvent): Shown {
  if (event === "reset") return shown`the stream was deleted and recreated`
  if (failover === true) {
    const missing = lost === 0 ? shown`entries may be missing` : shown`at least ${Number(lost)} entries are missing`
    return shown`Redis failed over: ${missing}, ${show(String(from))} to ${show(String(to))}`
  }
  const what = lost === 0 ? shown`an unknown number of` : shown`${Number(lost)}`
  return shown`${what} entries were trimmed before they could be read, ${show(String(from))} to ${show(String(to))}`
}
