import { useQuery } from "@tanstack/react-query"
import { type EmailInspection, emailTrial } from "../../../domain/email.ts"
import { isMailAddress } from "../../../domain/mail-address.ts"
import { passwordRefusal } from "../../../domain/mail-secret.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { setEmail } from "../../../services/email/email.ts"
import { showUser } from "../../../services/users/users.ts"
import { defineForm, type FilledForm } from "../../kit/form/define-form.tsx"
import { filledIn, mistakesIn, patchOf } from "../../kit/form/draft-state.ts"
import { useShell } from "../../kit/shell.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { notesOf, TYPED_FIELDS, trialWarningsOn } from "./email-fields.ts"
import { trialScreen } from "./trial-screen.tsx"

/** Form with the operator's address, the default recipient, as `known`; empty until it is read. */
type TrialForm = FilledForm<EmailInspection, string>

const labelsOf = (fields: TrialForm["changed"]) => fields.map(({ label }) => label).join(", ")

/** Form of a test mail: recipient, and the settings in force or others in their place. */
export const trialFormScreen = defineForm<EmailInspection, string>({
  id: "mail-test-form",
  title: "Test mail",
  summary: "send a test mail, also with settings that are not saved",
  fields: ({ in_force, saved }) => ({
    schema: emailTrial,
    names: TYPED_FIELDS,
    unsaved: ["to"],
    values: in_force,
    seen: saved,
  }),
  useKnown: useOwnAddress,
  bindings: [
    {
      keys: ["enter"],
      label: "send",
      changes: true,
      footer: true,
      inField: true,
      help: "send the test mail with the values of the form",
      run: send,
    },
  ],
  saving: (_, { back }) => ({
    change: setEmail,
    title: "e-mail settings",
    target: "email",
    verb: "Save",
    refusal: (label, mistake) => `not saved: ${label} ${mistake}`,
    done: back,
  }),
  saveKey: {
    label: "save",
    help: "save the settings that were typed",
    possible: ({ changed }) => changed.length > 0 || "no setting is changed",
  },
  leaving: (_, changed) => ({
    title: "Leave the test without saving?",
    text: `Unsaved changes: ${labelsOf(changed)}.`,
  }),
  heading: form => [piece(shown` Test mail   `, "dim"), withWhat(form)],
  notes: ({ params, known: own }) => ({
    ...notesOf(params.in_force),
    ...(own !== "" && { to: `empty: yours, ${own}` }),
  }),
  warnings: ({ params, draft }) => trialWarningsOn(params.in_force)(filledIn(draft)),
})

function useOwnAddress(): string {
  const { deck, operator } = useShell()
  const { data = "" } = useQuery({
    queryKey: ["own address", operator.userId],
    queryFn: async ({ signal }) => {
      const { email } = await deck.run(showUser, { id: operator.userId }, { signal })
      return email !== null && isMailAddress(email) ? email : ""
    },
  })
  return data
}

function send({ shell, draft, params, known: own, refuse }: TrialForm) {
  const { to = own, ...typed } = patchOf(draft)
  const why = passwordRefusal(params.in_force, typed)
  const mistakes = new Map([...mistakesIn(draft), ...(why === undefined ? [] : [["smtp_pass", why] as const])])
  if (mistakes.size > 0) return refuse(mistakes)
  if (to === "") return refuse(new Map([["to", "name an address, like ops@example.com"]]))
  shell.push(trialScreen, { to: String(to), typed })
}

/** Tells what a mail would be sent with now. */
function withWhat({ changed, params: { provider } }: TrialForm): Piece {
  if (changed.length > 0) return piece(shown`with what is typed (not saved): ${show(labelsOf(changed))}`, "look")
  if (provider === null) return piece(shown`with the settings in force`)
  return piece(shown`through the provider ${show(provider.name)}; with the settings, once one is changed`)
}
