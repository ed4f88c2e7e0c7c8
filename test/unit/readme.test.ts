import { readFileSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { expect, test } from "vitest"
import type { Binding } from "../../src/ui/keys/binding.ts"
import { chordLabel } from "../../src/ui/keys/chord.ts"
import { actionScreen } from "../../src/ui/screen/action/action.tsx"
import { conflictScreen } from "../../src/ui/screen/edit/conflict.tsx"
import { editScreen } from "../../src/ui/screen/edit/edit.tsx"
import { trialFormScreen } from "../../src/ui/screens/email/trial-form.tsx"
import { trialScreen } from "../../src/ui/screens/email/trial-screen.tsx"
import { destinations, screens } from "../../src/ui/screens/index.ts"
import { globalBindings } from "../../src/ui/shell/console.tsx"
import { fieldBindings } from "../../src/ui/widgets/text-field.ts"

const path = resolve(import.meta.dirname, "../../README.md")
const KEYS = /(?<=<!-- keys -->\n)[\s\S]*(?=<!-- \/keys -->)/

/** What has no tab: what the rows of the others lead to, the form, and the dialogs. */
const OTHERS = [
  destinations.entry,
  destinations.user,
  destinations.org,
  destinations.run,
  destinations.referralTree,
  destinations.inviteCode,
  destinations.auditEntry,
  trialFormScreen,
  trialScreen,
  editScreen,
  actionScreen,
  conflictScreen,
]

/** What the bindings say, as the README prints it. */
function keyTables(): string {
  const tables = [
    table("Everywhere", globalBindings(screens)),
    ...[...screens, ...OTHERS].map(screen => table(screen.title, screen.bindings)),
    table("In a text field", fieldBindings),
  ]
  return `\n${tables.join("\n")}\n`
}

function table(title: string, bindings: readonly Binding<never>[]): string {
  const rows = bindings.map(
    ({ keys, label, help }) => `| ${keys.map(key => `\`${chordLabel(key)}\``).join(" ")} | ${help ?? label} |`,
  )
  return [`**${title}**`, "", "| key | does |", "|---|---|", ...rows, ""].join("\n")
}

test("the README lists the keys that there are (UPDATE_README=1 writes them)", () => {
  const readme = readFileSync(path, "utf8")
  if (process.env.UPDATE_README) writeFileSync(path, readme.replace(KEYS, keyTables))
  expect(KEYS.exec(readFileSync(path, "utf8"))?.[0]).toBe(keyTables())
})
