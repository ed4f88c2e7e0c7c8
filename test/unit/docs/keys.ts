import type { Binding } from "../../../src/ui/keys/binding.ts"
import { chordLabel } from "../../../src/ui/keys/chord.ts"
import { fieldBindings } from "../../../src/ui/keys/text-field.ts"
import { actionScreen } from "../../../src/ui/kit/change/change-dialog.tsx"
import { copyScreen } from "../../../src/ui/kit/export/copy.tsx"
import { saveScreen } from "../../../src/ui/kit/export/save.tsx"
import { shareScreen } from "../../../src/ui/kit/export/share.tsx"
import { conflictScreen } from "../../../src/ui/kit/form/conflict.tsx"
import { editScreen } from "../../../src/ui/kit/form/edit.tsx"
import { batchMadeScreen } from "../../../src/ui/screens/codes/batch-made.tsx"
import { newBatchScreen } from "../../../src/ui/screens/codes/new-batch.tsx"
import { trialFormScreen } from "../../../src/ui/screens/email/trial-form.tsx"
import { trialScreen } from "../../../src/ui/screens/email/trial-screen.tsx"
import { destinations, screens } from "../../../src/ui/screens/index.ts"
import { pivotScreen } from "../../../src/ui/screens/log/pivot.tsx"
import { timeScreen } from "../../../src/ui/screens/log/time.tsx"
import { alertsScreen } from "../../../src/ui/shell/alerts.tsx"
import { globalBindings } from "../../../src/ui/shell/global-bindings.ts"

/** What has no tab: what the rows of the others lead to, the form, and the dialogs. */
const OTHERS = [
  destinations.entry,
  pivotScreen,
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
  actionScreen,
  conflictScreen,
  copyScreen,
  saveScreen,
  shareScreen,
  alertsScreen,
]

/** What as many screens have is printed once. */
const COMMON_TO = 3

/** Every key there is, from the records that keys are dispatched by: a table for each screen and dialog. */
export function keyTables(): string {
  const scopes = [...screens, ...OTHERS].flatMap(screen => [screen, ...(screen.pane ? [screen.pane] : [])])
  const rowsOf = new Map(scopes.map(scope => [scope, scope.bindings.map(row)]))
  const screensWith = Map.groupBy([...rowsOf.values()].flat(), line => line)
  const isCommon = (line: string) => (screensWith.get(line)?.length ?? 0) >= COMMON_TO
  const tables = [
    table("Everywhere", globalBindings(screens).map(row)),
    table("On several screens", [...screensWith.keys()].filter(isCommon)),
    ...[...rowsOf].map(([{ title }, rows]) =>
      table(
        title,
        rows.filter(line => !isCommon(line)),
      ),
    ),
    table("In a text field", fieldBindings.map(row)),
  ]
  return tables.filter(table => table !== "").join("\n")
}

const row = ({ keys, label, help }: Binding<never>) =>
  `| ${keys.map(key => `\`${chordLabel(key)}\``).join(" ")} | ${help ?? label} |`

const table = (title: string, rows: readonly string[]) =>
  rows.length === 0 ? "" : [`## ${title}`, "", "| key | does |", "|---|---|", ...rows, ""].join("\n")
