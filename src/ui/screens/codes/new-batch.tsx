import { Box } from "ink"
import { z } from "zod"
import { type RedemptionBatchMade, redemptionBatch } from "../../../domain/redemption-batch.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { metaOf } from "../../../domain/schema.ts"
import { createRedemptionCodes } from "../../../services/redemption/create-codes.ts"
import { defineBindings } from "../../keys/binding.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import { askScreen } from "../../kit/dialog/ask.tsx"
import { type FormModel, formBindings, formLinesWithin, formModel } from "../../kit/form/form.tsx"
import { checkForm, type FormState, formReducer, initialForm, valueIn } from "../../kit/form/form-state.ts"
import { defineScreen } from "../../kit/screen.ts"
import { useScreenReducer, useShell } from "../../kit/shell.ts"
import { dateTimeInZone } from "../../widgets/format.ts"
import { Lines, piece } from "../../widgets/line.tsx"

export interface NewBatchParams {
  /** Called with the codes, which are told this once, when the form is closed. */
  readonly made: (batch: RedemptionBatchMade) => void
}

interface NewBatchModel extends FormModel {
  goOn(): void
  leave(): void
}

/** Nothing where the field is left empty. */
const unlessEmpty = (schema: z.ZodType<string | undefined, string | undefined>) =>
  z
    .string()
    .transform(typed => typed || undefined)
    .pipe(schema)
    .meta(metaOf(schema))

const { reason: _, ...FIELDS } = redemptionBatch.shape
const typedBatch = redemptionBatch.safeExtend({
  expires_at: unlessEmpty(FIELDS.expires_at),
  batch_id: unlessEmpty(FIELDS.batch_id),
})
const NAMES = Object.keys(FIELDS)
const BEGUN: Readonly<Record<string, string>> = { type: "credit", max_uses: "1" }

/** Whether something stands there that nobody put there beforehand. */
const isTyped = (form: FormState) => form.fields.some(field => valueIn(field) !== (BEGUN[field.name] ?? ""))

/** What redemption codes to make: checked and read over before they are made. */
export const newBatchScreen = defineScreen<NewBatchParams, NewBatchModel>({
  id: "new-batch",
  title: "New redemption codes",
  summary: "make redemption codes",
  bindings: defineBindings<NewBatchModel>([
    {
      keys: ["ctrl-s"],
      label: "go on",
      changes: true,
      footer: true,
      inField: true,
      help: "show what will be made, and ask",
      run: model => model.goOn(),
    },
    { keys: ["esc"], label: "leave", footer: true, inField: true, run: model => model.leave() },
    { keys: ["enter"], label: "next field", inField: true, run: model => model.next(1) },
    ...formBindings,
  ]),
  useModel: ({ made }) => {
    const shell = useShell()
    const [form, dispatch] = useScreenReducer("form", formReducer, () =>
      initialForm(typedBatch, { names: NAMES, values: BEGUN }),
    )
    const refuse = (errors: ReadonlyMap<string, string>) => {
      dispatch({ type: "refuse", errors })
      const [[name, mistake] = ["", ""]] = errors
      const label = form.fields.find(field => field.name === name)?.label ?? name
      shell.say(shown`not made: ${show(`${label} ${mistake}`)}`, "act")
    }
    const goOn = () => {
      const checked = checkForm(typedBatch, form)
      if ("errors" in checked) return refuse(checked.errors)
      shell.push(changeDialog, {
        change: createRedemptionCodes,
        input: checked.values,
        stoppable: true,
        takesBack: ({ code, field = "", message }) =>
          code === "invalid" && NAMES.includes(field) ? () => refuse(new Map([[field, message]])) : undefined,
        done: ({ answer }) => {
          shell.back()
          made(answer as RedemptionBatchMade)
        },
      })
    }
    const leave = () => {
      if (!isTyped(form)) return shell.back()
      shell.push(askScreen, {
        title: "Leave without making codes?",
        text: "What you typed is lost.",
        stay: "Stay",
        go: "Leave",
        run: shell.back,
      })
    }
    return { ...formModel(form, dispatch), goOn, leave }
  },
  Body: ({ model: { form }, size: { columns, rows } }) => {
    const header = [piece(shown` New redemption codes`, "strong"), piece(shown`   all are made, or none`, "dim")]
    return (
      <Box flexDirection="column">
        <Lines lines={[header, [], ...formLinesWithin(form, columns, rows - 2, notesOn(form))]} columns={columns} />
      </Box>
    )
  },
})

/** A word behind each field; behind a span, the time that it means. */
function notesOn(form: FormState): Readonly<Record<string, string>> {
  const typed = Object.fromEntries(form.fields.map(field => [field.name, String(valueIn(field))]))
  const until = FIELDS.expires_at.safeParse(typed.expires_at).data
  return {
    count: "1 to 100 000",
    type: "credit, feature, or what else the platform knows",
    value: typed.type === "feature" ? "which feature" : "of each: for credits a whole number",
    max_uses: "by different users",
    expires_at:
      until === undefined ? "30d, 12h, 8w, or 2027-03-01T12:00:00Z; empty: never" : `until ${dateTimeInZone(until)}`,
    batch_id: typed.batch_id === "" ? "empty: a name is made up" : "",
  }
}
