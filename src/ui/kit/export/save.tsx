import { useEffect, useState } from "react"
import { z } from "zod"
import { writeNewFile } from "../../../adapters/new-file.ts"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import { text } from "../../../domain/fields.ts"
import { type Shown, show, shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { progressPieces } from "../../widgets/progress.ts"
import { paragraph } from "../../widgets/wrap.ts"
import { defineDialog } from "../dialog/define-dialog.tsx"
import { failureLines } from "../failure-lines.ts"
import { valueIn } from "../form/form-field.ts"
import { formLines } from "../form/form-lines.ts"
import { formBindings, formModel } from "../form/form-model.ts"
import { checkForm, type FormState, formReducer, initialForm } from "../form/form-state.ts"
import { type Shell, useScreenReducer, useScreenRef, useShell } from "../shell.ts"
import { counted, type Noun } from "./choices.ts"
import { formatOf, otherFormats, type PlainText } from "./file-format.ts"
import type { Source } from "./source.ts"

/** Records to be saved, and the file they go to. */
export interface Saving {
  readonly noun: Noun
  /** Initial path in the field. */
  readonly path: string
  readonly columns: readonly string[]
  /** Sources to choose from; the first is the default. */
  readonly sources: readonly [Source, ...Source[]]
  /** Format of files whose extension is unknown; default: NDJSON. */
  readonly plain?: PlainText
  /** Said of a failure: where the records still are. */
  readonly remains?: Shown
  /** Called with the whole path once the file is written. */
  readonly saved?: (path: string) => void
}

/** Progress of writing, in records. */
interface Writing {
  readonly done: number
  readonly isCancelled: boolean
}

/** Dialog that saves to a new file with mode 0600; the file is there whole or not at all. */
export const saveScreen = defineDialog({
  id: "save",
  title: "Save",
  summary: "save to a new file that nobody else can read",
  columns: 88,
  typedAhead: true,
  bindings: [
    {
      keys: ["enter", "ctrl-s"],
      label: "save",
      footer: true,
      inField: true,
      possible: ({ writing }) => writing === undefined || "already writing",
      run: model => model.save(),
    },
    {
      keys: ["esc", "ctrl-c"],
      label: "close",
      now: ({ writing }) => (writing ? "cancel" : undefined),
      footer: true,
      inField: true,
      help: "close; while writing, cancel it, which leaves no file",
      run: model => model.leave(),
    },
    ...formBindings,
  ],
  useModel: useSave,
  heading: ({ saving }) => shown`Save the ${show(saving.noun[1])}`,
  lines: (model, { columns }) => saveLines(model, columns),
})

const path = text.trim().min(1, "must name a file").meta({ label: "file" })

/** Returns the fields of the form: the file and, where there are several, the source. */
function formFor({ sources }: Saving): z.ZodObject {
  if (sources.length === 1) return z.object({ path })
  const labels = sources.map(({ label }) => label) as [string, ...string[]]
  return z.object({ what: z.enum(labels).meta({ label: "what" }), path })
}

const textIn = (form: FormState, name: string) => {
  const field = form.fields.find(field => field.name === name)
  return field && String(valueIn(field))
}

function useSave(saving: Saving) {
  const { sources, columns, plain, noun, saved } = saving
  const shell = useShell()
  const schema = useScreenRef("schema", () => formFor(saving)).current
  const [form, dispatch] = useScreenReducer("form", formReducer, () =>
    initialForm(schema, { values: { what: sources[0].label, path: saving.path } }),
  )
  const [failure, setFailure] = useState<DeckError>()
  const [writing, setWriting] = useState<Writing>()
  const writer = useScreenRef("writer", () => new AbortController())
  // A closed dialog cannot report the file.
  useEffect(() => () => writer.current.abort(), [writer])
  const source = sources.find(({ label }) => label === textIn(form, "what")) ?? sources[0]

  const write = async (path: string) => {
    writer.current = new AbortController()
    const { signal } = writer.current
    const warnings = new Set<Shown>()
    let done = 0
    const format = formatOf(path, plain)
    async function* pieces() {
      yield format.head(columns)
      for await (const page of source.pages(signal, warning => warnings.add(warning))) {
        signal.throwIfAborted()
        yield page.map(record => format.line(record, columns)).join("")
        done += page.length
        setWriting({ done, isCancelled: false })
      }
    }
    setFailure(undefined)
    setWriting({ done, isCancelled: false })
    try {
      const whole = await writeNewFile(path, pieces())
      shell.back()
      shell.say([
        piece(shown`${counted(done, noun)} saved to ${show(whole)}: nobody else can read it`, "good"),
        ...Array.from(warnings, warning => piece(shown`; ${warning}`, "look")),
      ])
      saved?.(whole)
    } catch (error) {
      setWriting(undefined)
      if (signal.aborted) shell.say(shown`cancelled: no file was written`, "look")
      else setFailure(asDeckError(error))
    }
  }

  return {
    ...formModel(form, writing ? () => {} : dispatch),
    saving,
    failure,
    writing,
    source,
    isUnderWay: writing !== undefined,
    save: () => {
      const checked = checkForm(schema, form)
      if ("values" in checked) void write(checked.values.path as string)
      else dispatch({ type: "refuse", errors: checked.errors })
    },
    leave: () => {
      if (writing === undefined) return shell.back()
      writer.current.abort()
      setWriting({ ...writing, isCancelled: true })
    },
  }
}

function saveLines({ form, saving, failure, writing, source }: ReturnType<typeof useSave>, columns: number) {
  const fields = [...formLines(form, columns), []]
  if (writing) return [...fields, writingPieces(writing, source)]
  if (failure)
    return [...fields, ...failureLines(withoutField(failure), columns, saving.remains ?? shown`No file was written.`)]
  const format = formatOf(textIn(form, "path") ?? "", saving.plain)
  const others = saving.plain?.isOnly ? shown`` : shown`; ${otherFormats(format)}`
  return [...fields, ...paragraph(shown`${format.label}${others} · new file, mode 0600`, columns, "dim")]
}

const BAR = 24

function writingPieces({ done, isCancelled }: Writing, { count }: Source): Piece[] {
  if (isCancelled) return [piece(shown`cancelling…`, "key")]
  if (count === undefined) return [piece(shown`writing… ${grouped(done)} so far`, "key")]
  return [...progressPieces(Math.min(done, count), count, BAR), piece(shown`  ${grouped(done)} of ${grouped(count)}`)]
}

/** Drops the field, since the message names the path. */
const withoutField = ({ message, traceId }: DeckError) => ({ message, field: undefined, traceId }) as DeckError

/** Model of a screen from which something can be saved. */
export interface Savable {
  readonly shell: Shell
  saves(): Saving | undefined
}

/** Returns the binding of Ctrl-S, which opens the save dialog. */
export const saveBinding = <Model extends Savable>(help: string): Binding<Model> => ({
  keys: ["ctrl-s"],
  label: "save",
  footer: true,
  common: true,
  help,
  possible: model => model.saves() !== undefined || "there is nothing to save",
  run: model => {
    const saving = model.saves()
    if (saving) model.shell.push(saveScreen, saving)
  },
})
