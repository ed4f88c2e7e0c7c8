import type { Binding } from "../../../src/ui/keys/binding.ts"
import { chordLabel } from "../../../src/ui/keys/chord.ts"
import { fieldBindings } from "../../../src/ui/keys/text-field.ts"
import { bulkChangeDialog } from "../../../src/ui/kit/change/bulk-change-dialog.tsx"
import { changeDialog } from "../../../src/ui/kit/change/change-dialog.tsx"
import { askScreen } from "../../../src/ui/kit/dialog/ask.tsx"
import { menuScreen } from "../../../src/ui/kit/dialog/menu.tsx"
import { copyScreen } from "../../../src/ui/kit/export/copy.tsx"
import { saveScreen } from "../../../src/ui/kit/export/save.tsx"
import { shareScreen } from "../../../src/ui/kit/export/share.tsx"
import { conflictScreen } from "../../../src/ui/kit/form/conflict.tsx"
import { editScreen } from "../../../src/ui/kit/form/edit.tsx"
import type { Screen } from "../../../src/ui/kit/screen.ts"
import { columnsScreen } from "../../../src/ui/kit/table/columns.tsx"
import { batchMadeScreen } from "../../../src/ui/screens/codes/batch-made.tsx"
import { newBatchScreen } from "../../../src/ui/screens/codes/new-batch.tsx"
import { trialFormScreen } from "../../../src/ui/screens/email/trial-form.tsx"
import { trialScreen } from "../../../src/ui/screens/email/trial-screen.tsx"
import { destinations, screens } from "../../../src/ui/screens/index.ts"
import { deviationsScreen } from "../../../src/ui/screens/log/deviations.ts"
import { pivotScreen } from "../../../src/ui/screens/log/pivot.tsx"
import { timeScreen } from "../../../src/ui/screens/log/time.tsx"
import { incidentText } from "../../../src/ui/screens/shared/incident-text.tsx"
import { alertsScreen } from "../../../src/ui/shell/alerts.tsx"
import { globalBindings } from "../../../src/ui/shell/global-bindings.ts"
import { helpScreen } from "../../../src/ui/shell/help.tsx"
import { paletteScreen } from "../../../src/ui/shell/palette.tsx"
import { reauthenticationScreen } from "../../../src/ui/shell/reauthentication.tsx"
import { unlockScreen } from "../../../src/ui/shell/unlock.tsx"
import { LETTERS } from "./letters.ts"

/** What has no tab: what the rows of the others lead to, the form, and the dialogs. */
const OTHERS = [
  destinations.entry,
  destinations.changes,
  pivotScreen,
  destinations.incident,
  incidentText,
  deviationsScreen,
  menuScreen,
  columnsScreen,
  timeScreen,
  destinations.user,
  destinations.org,
  destinations.run,
  destinations.referralTree,
  destinations.inviteCode,
  destinations.redemptionCode,
  newBatchScreen,
  batchMadeScreen,
  destinations.auditEntry,
  trialFormScreen,
  trialScreen,
  editScreen,
  changeDialog,
  bulkChangeDialog,
  conflictScreen,
  askScreen,
  copyScreen,
  saveScreen,
  shareScreen,
  alertsScreen,
  paletteScreen,
  helpScreen,
  unlockScreen,
  reauthenticationScreen,
]

/** What as many screens have is printed once. */
const COMMON_TO = 3

/** Every screen, form and dialog. */
export const keyScreens = (): readonly Screen<never>[] => [...screens, ...OTHERS] as readonly Screen<never>[]

/** All scopes of keys: screens, their panes, dialogs, and what works everywhere. */
export const keyScopes = (): readonly KeyScope[] => [
  ...keyScreens().flatMap(screen => [screen, ...(screen.pane ? [screen.pane] : [])]),
  { title: "Everywhere", bindings: globalBindings(screens) },
]

type KeyScope = { readonly title: string; readonly bindings: readonly Binding<never>[] }

/** Every letter and what it means wherever it is a key. */
function letterTable(): string {
  const rows = Object.entries(LETTERS)
    .filter(([, [, ...labels]]) => labels.length > 0)
    .map(([letter, [meaning]]) => `| \`${letter}\` | ${meaning} |`)
  return table("Letters", rows, "| letter | means |\n|---|---|")
}

/** Every key there is, from the records that keys are dispatched by: a table for each screen and dialog. */
export function keyTables(): string {
  const [everywhere, scopes] = [keyScopes().slice(-1), keyScopes().slice(0, -1)]
  const rows = scopes.flatMap(({ title, bindings }) => bindings.map(binding => ({ title, line: row(binding) })))
  const titlesWith = new Map(
    Map.groupBy(rows, ({ line }) => line)
      .entries()
      .map(([line, all]) => [line, [...new Set(all.map(({ title }) => title))]]),
  )
  const isCommon = (line: string) => (titlesWith.get(line)?.length ?? 0) >= COMMON_TO
  const common = [...titlesWith].filter(([line]) => isCommon(line))
  const tables = [
    letterTable(),
    ...everywhere.map(({ title, bindings }) => table(title, bindings.map(row))),
    table(
      "On several screens",
      common.map(([line, titles]) => `${line} ${listed(titles)} |`),
      "| key | does | on |\n|---|---|---|",
    ),
    ...Map.groupBy(rows, ({ title }) => title)
      .entries()
      .map(([title, own]) =>
        table(
          title,
          own.map(({ line }) => line).filter(line => !isCommon(line)),
        ),
      ),
    table("In a text field", fieldBindings.map(row)),
  ]
  return tables.filter(table => table !== "").join("\n")
}

/** A few by name, of many the first. */
const listed = (titles: readonly string[]) =>
  titles.length <= MOST_NAMED ? titles.join(" · ") : `${titles.slice(0, 3).join(" · ")} and ${titles.length - 3} others`

const MOST_NAMED = 7

const row = ({ keys, label, help }: Binding<never>) =>
  `| ${keys.map(key => `\`${chordLabel(key).replace("|", "\\|")}\``).join(" ")} | ${help ?? label} |`

const table = (title: string, rows: readonly string[], head = "| key | does |\n|---|---|") =>
  rows.length === 0 ? "" : [`## ${title}`, "", head, ...rows, ""].join("\n")
