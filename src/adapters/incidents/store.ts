import { access } from "node:fs/promises"
import type { HistorySettings } from "../../config/history.ts"
import type { IncidentLine } from "../../domain/incident/incident-line.ts"
import type { IncidentFiles, IncidentsRead } from "./incident-files.ts"

/** The incidents that were written down on this host. */
export interface IncidentStore {
  /** Absolute path of the directory. */
  readonly directory: string
  /** The group that reads and writes them; undefined where they are their user's alone. */
  readonly group: string | undefined
  /** Whether anybody ever began one here: nothing else is loaded for the answer. */
  exists(): Promise<boolean>
  /** As `IncidentFiles.read`. */
  read(): Promise<IncidentsRead>
  /** As `IncidentFiles.append`. */
  append(line: IncidentLine): Promise<void>
  close(): void
}

/** Opens the incidents beside a history. Nothing of it is loaded, and nothing made, before it is asked for. */
export function openIncidents({
  incidents: directory,
  group,
}: Pick<HistorySettings, "incidents" | "group">): IncidentStore {
  let files: Promise<IncidentFiles> | undefined
  const open = async () => {
    const [{ IncidentFiles }, { modesFor, WRITTEN }] = await Promise.all([
      import("./incident-files.ts"),
      import("../history/directory.ts"),
    ])
    return new IncidentFiles(directory, () => modesFor(group, WRITTEN))
  }
  const opened = () => {
    files ??= open()
    return files
  }
  return {
    directory,
    group,
    exists: () =>
      access(directory).then(
        () => true,
        () => false,
      ),
    read: async () => (await opened()).read(),
    append: async line => (await opened()).append(line),
    close() {
      void files?.then(opened => opened.close())
    },
  }
}
