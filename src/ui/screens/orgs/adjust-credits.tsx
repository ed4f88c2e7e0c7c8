import { useQuery } from "@tanstack/react-query"
import { z } from "zod"
import { creditAdjustment } from "../../../domain/credits.ts"
import type { OrgDetail } from "../../../domain/org.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { adjustCredits, showCreditsOf } from "../../../services/credits.ts"
import type { Binding } from "../../keys/binding.ts"
import type { Opened } from "../../kit/detail/declaration.ts"
import { defineForm } from "../../kit/form/define-form.tsx"
import { checkForm } from "../../kit/form/form-state.ts"
import { useShell } from "../../kit/shell.ts"
import { grouped } from "../../widgets/format.ts"
import { piece } from "../../widgets/line.tsx"

const NAMES = ["amount", "note"]
const { amount, note } = creditAdjustment.shape
const typed = z.object({ amount: amount.meta({ label: "credits" }), note: note.meta({ label: "note" }) })

/** Reads the organization's balance; undefined until it is known. */
function useBalance(org_id: string): bigint | undefined {
  const { deck } = useShell()
  const asked = { org_ids: [org_id], limit: 1 }
  const { data } = useQuery({
    queryKey: [...showCreditsOf.words, asked],
    queryFn: ({ signal }) => deck.run(showCreditsOf, asked, { signal }),
  })
  return data?.credits?.balances[0]?.balance
}

/** Form that adds credits to an organization, or takes some away. */
const adjustCreditsScreen = defineForm<Pick<OrgDetail, "org_id" | "name">, bigint | undefined>({
  id: "adjust-credits",
  title: "Adjust credits",
  summary: "add credits to an organization, or take some away",
  fields: () => ({ schema: typed, names: NAMES, values: {}, seen: {} }),
  saving: ({ org_id, name }, { back }) => ({
    change: adjustCredits,
    input: { org_id },
    title: name,
    target: org_id,
    refusal: (_, mistake) => `not adjusted: ${mistake}`,
    done: back,
  }),
  check: ({ form }) => checkForm(typed, form),
  saveKey: { label: "continue", help: "see the balance before and after, and confirm" },
  leaving: () => ({ title: "Leave without adjusting?", text: "What you typed will be lost." }),
  heading: ({ params }) => [piece(shown` Adjust credits of `, "dim"), piece(show(params.name), "strong")],
  useKnown: ({ org_id }) => useBalance(org_id),
  notes: ({ known }) => ({
    amount: `(500 adds, -200 takes away${known === undefined ? "" : `; the balance is ${grouped(known)}`})`,
    note: "(the organization's members see it)",
  }),
})

/** The key that adjusts the credits of the organization on the screen. */
export const adjustKey: Binding<Opened<OrgDetail>> = {
  keys: ["J"],
  label: "credits",
  changes: true,
  footer: true,
  help: "add credits to this organization, or take some away",
  run: ({ subject: { org_id, name }, shell }) => shell.push(adjustCreditsScreen, { org_id, name }),
}
