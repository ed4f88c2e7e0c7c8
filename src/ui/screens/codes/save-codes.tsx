import { useState } from "react"
import { z } from "zod"
import { writeNewFile } from "../../../adapters/new-file.ts"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import { text } from "../../../domain/fields.ts"
import type { RedemptionBatchMade } from "../../../domain/redemption-batch.ts"
import { type RedemptionCode, redemptionCode } from "../../../domain/redemption-code.ts"
import { shown } from "../../../domain/safe-text.ts"
import { defineBindings } from "../../keys/binding.ts"
import { type FormModel, formBindings, formLines, formModel } from "../../screen/form/form.tsx"
import { checkForm, formReducer, initialForm, valueIn } from "../../screen/form/form-state.ts"
import { defineScreen } from "../../screen/screen.ts"
import { failureLines } from "../../screen/standing.ts"
import { usePlaceReducer, useShell } from "../../shell/shell-context.ts"
import { Dialog, dialogInner } from "../../widgets/dialog.tsx"
import { type Piece, piece } from "../../widgets/line.tsx"

export interface SaveCodesParams {
  readonly batch: RedemptionBatchMade
  /** Called with the whole path once it is written. */
  readonly saved: (path: string) => void
}

interface SaveCodesModel extends FormModel {
  readonly failure: DeckError | undefined
  readonly writing: boolean
  save(): void
  close(): void
}

const saving = z.object({ path: text.trim().min(1, "must name a file").meta({ label: "file" }) })

const isCsv = (path: string) => path.toLowerCase().endsWith(".csv")

/** Saves codes to a new file; whatever goes wrong, they stay on the screen below. */
export const saveCodesScreen = defineScreen<SaveCodesParams, SaveCodesModel>({
  id: "save-codes",
  title: "Save codes",
  summary: "save the codes to a new file",
  overlay: true,
  bindings: defineBindings<SaveCodesModel>([
    {
      keys: ["enter", "ctrl-s"],
      label: "save",
      footer: true,
      inField: true,
      possible: model => !model.writing || "it is being written",
      run: model => model.save(),
    },
    { keys: ["esc", "ctrl-c"], label: "close", footer: true, inField: true, run: model => model.close() },
    ...formBindings,
  ]),
  useModel: ({ batch, saved }) => {
    const shell = useShell()
    const [form, dispatch] = usePlaceReducer("form", formReducer, () =>
      initialForm(saving, { values: { path: `~/${fileName(batch.batch_id)}.txt` } }),
    )
    const [failure, setFailure] = useState<DeckError>()
    const [writing, setWriting] = useState(false)
    const write = async ({ path }: z.output<typeof saving>) => {
      setFailure(undefined)
      setWriting(true)
      try {
        const whole = await writeNewFile(path, isCsv(path) ? asCsv(batch.data) : asText(batch.data))
        shell.back()
        saved(whole)
      } catch (error) {
        setFailure(asDeckError(error))
        setWriting(false)
      }
    }
    const save = () => {
      const checked = checkForm(saving, form)
      if ("values" in checked) void write(checked.values)
      else dispatch({ type: "refuse", errors: checked.errors })
    }
    return { ...formModel(form, dispatch), failure, writing, save, close: shell.back }
  },
  Body: ({ model: { form, failure, writing }, size }) => {
    const columns = Math.min(size.columns - 4, 88)
    const inner = dialogInner(columns)
    const [path] = form.fields.map(field => String(valueIn(field)))
    const format = isCsv(path ?? "") ? shown`CSV, with all columns` : shown`text, a code a line; named .csv it is CSV`
    const note = writing
      ? [piece(shown`writing…`, "key")]
      : [piece(format), piece(shown` · a new file, which only you can read`, "dim")]
    const below: Piece[][] = failure
      ? failureLines(withoutField(failure), inner, shown`The codes are still on the screen below.`)
      : [note]
    return <Dialog title={shown`Save the codes`} lines={[...formLines(form, inner), [], ...below]} columns={columns} />
  },
})

/** The path is named in the message. */
const withoutField = ({ message }: DeckError) => ({ message, field: undefined, traceId: undefined }) as DeckError

/** The name of a batch as that of a file. */
const fileName = (batch: string) => `codes-${batch.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80)}`

const asText = (codes: readonly RedemptionCode[]) => codes.map(({ code }) => `${code}\n`)

const COLUMNS = Object.keys(redemptionCode.shape) as (keyof RedemptionCode)[]

/** RFC 4180: a field with a quote, a comma or a line end is quoted. */
function* asCsv(codes: readonly RedemptionCode[]): Generator<string> {
  const field = (value: unknown) => {
    const written = String(value ?? "")
    return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written
  }
  yield `${COLUMNS.join(",")}\r\n`
  for (const code of codes) yield `${COLUMNS.map(name => field(code[name])).join(",")}\r\n`
}
