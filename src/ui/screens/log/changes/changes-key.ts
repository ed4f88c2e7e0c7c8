import type { AccessLogEntry } from "../../../../domain/access-log.ts"
import { orderOfName } from "../../../../domain/entry-name.ts"
import type { TailSnapshot } from "../../../../tail/protocol.ts"
import type { Binding } from "../../../keys/binding.ts"
import type { Shell } from "../../../kit/shell.ts"
import type { useTime } from "../use-time.ts"
import { windowLookedAt } from "./windows.ts"

interface Changing {
  readonly shell: Shell
  readonly snapshot: TailSnapshot | null
  readonly time: Pick<ReturnType<typeof useTime>, "whenThere">
  readonly marks: { readonly marked: ReadonlyMap<string, AccessLogEntry> }
}

/** Key that leads from the log to what changed in the window that is looked at. */
export const changesBinding: Binding<Changing> = {
  keys: ["b"],
  label: "what changed",
  footer: true,
  help: "what changed against the time before: in the selected bar, between the marked requests, or live in the last 5 minutes",
  possible: ({ snapshot }) => (snapshot !== null && snapshot.timeline.ok.length > 0) || "nothing was read yet",
  run: ({ shell, snapshot, time, marks }) => {
    if (snapshot === null) return
    const { filter, now } = snapshot
    const marked = [...marks.marked.keys()].map(name => orderOfName(name)[0])
    const heldSince = shell.recorder.states.snapshot ? undefined : snapshot.timeline.from
    time.whenThere(where =>
      shell.open("changes", { filter, window: windowLookedAt({ ...where, marked, heldSince, now }) }),
    )
  },
}
