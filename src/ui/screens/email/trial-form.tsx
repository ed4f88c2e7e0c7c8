import { useQuery } from "@tanstack/react-query"
import { Box } from "ink"
import { type EmailInspection, emailTrial } from "../../../domain/email.ts"
import { isMailAddress } from "../../../domain/mail-address.ts"
import { passwordRefusal } from "../../../domain/mail-secret.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { setEmail } from "../../../services/email/email.ts"
import { showUser } from "../../../services/users/users.ts"
import { defineBindings } from "../../keys/binding.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import { askScreen } from "../../kit/dialog/ask.tsx"
import type { Resolution } from "../../kit/form/conflict-state.ts"
import {
  changedFields,
  type EditAction,
  type EditState,
  editReducer,
  filledIn,
  initialEdit,
  mistakesIn,
  patchOf,
} from "../../kit/form/edit-state.ts"
import { type FormModel, formBindings, formLinesWithin, formModel } from "../../kit/form/form.tsx"
import { takesBackTo } from "../../kit/form/refusal.ts"
import { useSecretsForgotten } from "../../kit/left-alone.ts"
import { defineScreen } from "../../kit/screen.ts"
import { useScreenReducer, useShell } from "../../kit/shell.ts"
import { Lines, type Piece, piece } from "../../widgets/line.tsx"
import { warningsOn } from "./clear-warning.ts"
import { notesOf, TYPED_FIELDS } from "./email-fields.ts"
import { trialScreen } from "./trial-screen.tsx"

/** What is typed in the place of what is in force; saving it compares with what is saved. */
interface TrialForm extends EditState {
  readonly saved: EmailInspection["saved"]
}

const trialFormReducer = (form: TrialForm, action: EditAction): TrialForm => ({
  ...editReducer(form, action),
  saved: action.type === "resolve" ? { ...form.saved, ...theirsIn(action) } : form.saved,
})

const theirsIn = ({ conflicts }: Resolution) =>
  Object.fromEntries(conflicts.map(({ field, theirs }) => [field, theirs]))

interface TrialFormModel extends FormModel {
  readonly state: TrialForm
  readonly inspection: EmailInspection
  /** The operator's address: whom the mail is for where nobody is named; empty while it is not known. */
  readonly own: string
  send(): void
  save(): void
  leave(): void
}

/** The settings in the form that are not those in force, by name. */
const typedIn = (state: EditState) => changedFields(state).filter(field => field.name !== "to")

/** Whom a test mail is for, and what it is tried with: what is in force, or what is typed in its place. */
export const trialFormScreen = defineScreen<EmailInspection, TrialFormModel>({
  id: "mail-test-form",
  title: "Test mail",
  summary: "send a test mail, also with settings that are not saved",
  bindings: defineBindings<TrialFormModel>([
    {
      keys: ["enter"],
      label: "send",
      changes: true,
      footer: true,
      inField: true,
      help: "send the test mail with what stands in the form",
      run: model => model.send(),
    },
    {
      keys: ["ctrl-s"],
      label: "save",
      changes: true,
      footer: true,
      inField: true,
      help: "save the settings that were typed",
      possible: model => typedIn(model.state).length > 0 || "no setting is changed",
      run: model => model.save(),
    },
    { keys: ["esc"], label: "leave", footer: true, inField: true, run: model => model.leave() },
    ...formBindings,
  ]),
  useModel: inspection => {
    const shell = useShell()
    const [state, dispatch] = useScreenReducer("trial-form", trialFormReducer, () => ({
      ...initialEdit(emailTrial, ["to", ...TYPED_FIELDS], inspection.in_force),
      saved: inspection.saved,
    }))
    useSecretsForgotten(dispatch)
    const { userId } = shell.operator
    const { data: own = "" } = useQuery({
      queryKey: ["own address", userId],
      queryFn: async ({ signal }) => {
        const { email } = await shell.deck.run(showUser, { id: userId }, { signal })
        return email !== null && isMailAddress(email) ? email : ""
      },
    })
    const { to = own, ...typed } = patchOf(state)
    const refuse = (errors: ReadonlyMap<string, string>) => dispatch({ type: "refuse", errors })
    const send = () => {
      const why = passwordRefusal(inspection.in_force, typed)
      const mistakes = new Map([...mistakesIn(state), ...(why === undefined ? [] : [["smtp_pass", why] as const])])
      if (mistakes.size > 0) return refuse(mistakes)
      if (to === "") return refuse(new Map([["to", "name an address, like ops@example.com"]]))
      shell.push(trialScreen, { to: String(to), typed })
    }
    const takesBack = takesBackTo({
      shell,
      title: "e-mail settings",
      target: "email",
      input: setEmail.input,
      fields: TYPED_FIELDS,
      dispatch,
    })
    const save = () => {
      const mistakes = new Map([...mistakesIn(state)].filter(([field]) => field !== "to"))
      if (mistakes.size > 0) return refuse(mistakes)
      shell.push(changeDialog, {
        change: setEmail,
        input: { ...typed, reason: state.reason },
        verb: "Save",
        seen: state.saved,
        done: shell.back,
        takesBack,
      })
    }
    const leave = () => {
      const labels = typedIn(state).map(field => field.label)
      if (labels.length === 0) return shell.back()
      shell.push(askScreen, {
        title: "Leave the test without saving?",
        text: `What you typed is lost: ${labels.join(", ")}.`,
        stay: "Stay",
        go: "Leave",
        run: shell.back,
      })
    }
    return { ...formModel(state.form, dispatch), state, inspection, own, send, save, leave }
  },
  Body: ({ model, size: { columns, rows } }) => {
    const { state, inspection, own } = model
    const notes = {
      ...notesOf(inspection.in_force),
      ...(own !== "" && { to: `empty: yours, ${own}` }),
    }
    const warnings = warningsOn(inspection.in_force)(filledIn(state))
    const header = [piece(shown` Test mail   `, "dim"), withWhat(model)]
    return (
      <Box flexDirection="column">
        <Lines
          lines={[header, [], ...formLinesWithin(state.form, columns, rows - 2, notes, warnings)]}
          columns={columns}
        />
      </Box>
    )
  },
})

/** What a mail would be sent with now. */
function withWhat({ state, inspection: { provider } }: TrialFormModel): Piece {
  const typed = typedIn(state)
  if (typed.length > 0) {
    return piece(shown`with what is typed (not saved): ${show(typed.map(field => field.label).join(", "))}`, "look")
  }
  if (provider === null) return piece(shown`with the settings in force`)
  return piece(shown`through the provider ${show(provider.name)}; with the settings, once one is changed`)
}
