import { recorderDirectory } from "../../../src/adapters/history/directory.ts"
import { HistoryReader } from "../../../src/adapters/history/reader.ts"
import { eventually } from "../../support/waiting.ts"
import { Oracle } from "./oracle.ts"

/** Waits until the history accounts for all that was `written`: numbered requests, from the first that it holds on. */
export async function accountFor(history: string, written: number): Promise<Oracle> {
  const reader = await HistoryReader.open(recorderDirectory(history, ""))
  try {
    return await eventually(async () => {
      let oracle: Oracle | undefined
      for await (const row of reader.rows()) {
        const number = row.kind === "entry" ? Number(row.entry.get("path")?.slice("/n/".length)) : 0
        // What was trimmed before a recorder had written anything is older than the history.
        oracle ??= new Oracle(number)
        if (row.kind === "entry") oracle.entry(number)
        else if (row.kind === "gap") oracle.gap(row.lost)
        else oracle.reset()
      }
      if (oracle === undefined) throw new Error("nothing is recorded yet")
      oracle.holds(written)
      return oracle
    })
  } finally {
    reader.close()
  }
}
