import type { AccessLogEntry } from "../../../../domain/access-log.ts"
import type { TailSnapshot } from "../../../../tail/protocol.ts"
import type { Binding } from "../../../keys/binding.ts"
import type { Shell } from "../../../kit/shell.ts"
import { windowLookedAt } from "./windows.ts"

interface Changing {
  readonly shell: Shell
  readonly snapshot: TailSnapshot | null
  readonly time: { readonly selectedBar: number | undefined }
  readonly marks: { readonly marked: ReadonlyMap<string, AccessLogEntry> }
}

/** Key that leads from the log to what changed in the window that is looked at. */
export const changesBinding: Binding<Changing> = {
  keys: ["b"],
  label: "what changed",
  footer: true,
  help: "what changed against the time before: in the selected bar, between the marked requests, or live in the last 5 minutes",
  possible: ({ snapshot }) => (snapshot !== null && snapshot.held > 0) || "nothing was read yet",
  run: ({ shell, snapshot, time, marks }) => {
    if (snapshot === null) return
    const timeline = snapshot.matchTimeline ?? snapshot.timeline
    const marked = [...marks.marked.keys()].map(id => Number(id.split("-")[0]))
    const heldSince = shell.recorder.states.snapshot ? undefined : timeline.from
    const looking = { timeline, selectedBar: time.selectedBar, marked, heldSince, now: snapshot.now }
    shell.open("changes", { filter: snapshot.filter, window: windowLookedAt(looking) })
  },
}
