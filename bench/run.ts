import { readFileSync, writeFileSync } from "node:fs"
import { loadavg } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { burstBench } from "./burst.ts"
import { calmBench } from "./calm.ts"
import { codesBench } from "./codes.ts"
import { consolesBench } from "./consoles.ts"
import { filterBench } from "./filter.ts"
import { gatewaysBench } from "./gateways.ts"
import { listsScaleBench } from "./lists-scale.ts"
import { liveBench } from "./live.ts"
import { machine } from "./machine.ts"
import { memoryBench } from "./memory.ts"
import { pastBench } from "./past.ts"
import { peopleBench } from "./people.ts"
import { ratesBench } from "./rates.ts"
import { readBench } from "./read.ts"
import { recordBench } from "./record.ts"
import { referralsBench } from "./referrals.ts"
import { type BenchRow, markdownRows, renderRows } from "./report.ts"
import { ringBench } from "./ring.ts"
import { runEventsBench } from "./run-events.ts"
import { runsBench } from "./runs.ts"
import { slowLinkBench } from "./slow-link.ts"
import { startBench } from "./start.ts"

interface Part {
  readonly title: string
  readonly measure: () => Promise<BenchRow[]>
}

const PARTS: Readonly<Record<string, Part>> = {
  filter: { title: "Filtering 200 000 entries in memory", measure: filterBench },
  ring: {
    title: "Filters over the 200 000 requests that a console holds, to the rows of a full screen; medians of 5",
    measure: ringBench,
  },
  read: { title: "Reading 200 000 entries of 15 fields", measure: readBench },
  calm: { title: "What stands out in 20 calm hours, 40 requests/s", measure: calmBench },
  live: { title: "Live for 20 s, terminal of 160x50", measure: liveBench },
  burst: { title: "Bursts of 20 000 entries/s for 5 s, terminal of 160x50", measure: burstBench },
  "slow-link": {
    title: "Following 10 entries/s for 20 s, terminal of 160x50, beside `tail -f` of the lines",
    measure: slowLinkBench,
  },
  gateways: { title: "16 gateways of 500 entries/s beside one of 8 000/s, followed for 20 s", measure: gatewaysBench },
  record: { title: "Recording 5 000 entries/s for 5 minutes, and what is kept", measure: recordBench },
  past: { title: "20 000 000 entries of 7 days asked, beside zgrep; medians of 5", measure: pastBench },
  start: { title: "Starting, medians of 15 runs", measure: startBench },
  people: { title: "1 000 000 users, 2 000 000 runs, 5 000 000 usage records; medians", measure: peopleBench },
  runs: { title: "2 000 000 runs listed and summed up by what an index serves; medians", measure: runsBench },
  referrals: {
    title: "Trees of 10 000 referrals opened, beside a bare recursive query; medians",
    measure: referralsBench,
  },
  codes: { title: "100 000 redemption codes made, 1 000 000 listed; medians", measure: codesBench },
  "run-events": {
    title: "A run of 100 000 events opened, 200 events/s followed, 500 runs cancelled; medians",
    measure: runEventsBench,
  },
  rates: { title: "More and more entries a second, terminal of 160x50, keys pressed for 15 s", measure: ratesBench },
  consoles: { title: "Consoles open at once, 500 entries/s for 20 s", measure: consolesBench },
  "lists-scale": { title: "Lists as tables grow, by what an index serves; medians", measure: listsScaleBench },
  memory: { title: "Memory, entries of 1 000 000 addresses read as fast as they can be written", measure: memoryBench },
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { write: { type: "boolean" } } })
const unknown = positionals.filter(name => !Object.hasOwn(PARTS, name))
if (unknown.length > 0) {
  console.error(`bench: no part ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`)
  process.exit(2)
}

for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  const { title, measure } = PARTS[name] as Part
  const load = `load average before it: ${loadavg()[0]?.toFixed(1)}`
  console.log(`\n${name}: ${title} (${load})`)
  const rows = await measure()
  console.log(renderRows(rows))
  if (values.write) keepSection(title, `${markdownRows(rows)}\n\n(${machine()}; ${load})`)
}

/** Puts a section into the results, each as it was measured last, in the order of the parts. */
function keepSection(title: string, text: string): void {
  const file = join(import.meta.dirname, "results.md")
  const [head = "", ...kept] = readFileSync(file, "utf8").trimEnd().split(/^## /m)
  const sections = new Map(kept.map(section => [section.slice(0, section.indexOf("\n")), section.trimEnd()]))
  sections.set(title, `${title}\n\n${text}`)
  const inOrder = Object.values(PARTS).flatMap(({ title }) => sections.get(title) ?? [])
  writeFileSync(file, `${[head.trimEnd(), ...inOrder].join("\n\n## ")}\n`)
}
