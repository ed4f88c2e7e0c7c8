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
import { type FormModel, formBindings, formModel } from "../form/form-model.ts"
import { checkForm, type FormState, formReducer, initialForm } from "../form/form-state.ts"
import { type Shell, useScreenReducer, useScreenRef, useShell } from "../shell.ts"
import { counted, type Noun } from "./choices.ts"
import { formatOf, otherFormats, type PlainText } from "./file-format.ts"
import type { Source } from "./source.ts"

/** What is to be saved, and under which name. */
export interface Saving {
  readonly noun: Noun
  /** What stands in the field to begin with. */
  readonly path: string
  readonly columns: readonly string[]
  /** Where there are several it asks which; the first is meant unless somebody chooses another. */
  readonly sources: readonly [Source, ...Source[]]
  /** What a name that ends in nothing known stands for; NDJSON where left out. */
  readonly plain?: PlainText
  /** Where everything still is when it could not be saved. */
  readonly remains?: Shown
  /** Called with the whole path once it is written. */
  readonly saved?: (path: string) => void
}

/** How much is written so far, and what is missing from it. */
interface Writing {
  readonly done: number
  readonly calledOff: boolean
}

interface SaveModel extends FormModel {
  readonly saving: Saving
  readonly writing: Writing | undefined
  readonly failure: DeckError | undefined
  readonly source: Source
  save(): void
  /** Calls the writing off; closes the dialog where nothing is written. */
  leave(): void
}

/** Saves to a new file that nobody else can read; it is there whole or not at all. */
export const saveScreen = defineDialog<Saving, SaveModel>({
  id: "save",
  title: "Save",
  summary: "save to a new file that nobody else can read",
  columns: 88,
  bindings: [
    {
      keys: ["enter", "ctrl-s"],
      label: "save",
      footer: true,
      inField: true,
      possible: ({ writing }) => writing === undefined || "it is being written",
      run: model => model.save(),
    },
    {
      keys: ["esc", "ctrl-c"],
      label: "close",
      now: ({ writing }) => (writing ? "call off" : undefined),
      footer: true,
      inField: true,
      help: "close it; while it is written, call that off, which leaves no file",
      run: model => model.leave(),
    },
    ...formBindings,
  ],
  useModel: useSave,
  heading: ({ saving }) => shown`Save the ${show(saving.noun[1])}`,
  lines: (model, { columns }) => saveLines(model, columns),
})

const path = text.trim().min(1, "must name a file").meta({ label: "file" })

/** The name of the file; before it, where there are several sources, which. */
function formFor({ sources }: Saving): z.ZodObject {
  if (sources.length === 1) return z.object({ path })
  const labels = sources.map(({ label }) => label) as [string, ...string[]]
  return z.object({ what: z.enum(labels).meta({ label: "what" }), path })
}

const textIn = (form: FormState, name: string) => {
  const field = form.fields.find(field => field.name === name)
  return field && String(valueIn(field))
}

function useSave(saving: Saving): SaveModel {
  const { sources, columns, plain, noun, saved } = saving
  const shell = useShell()
  const schema = useScreenRef("schema", () => formFor(saving)).current
  const [form, dispatch] = useScreenReducer("form", formReducer, () =>
    initialForm(schema, { values: { what: sources[0].label, path: saving.path } }),
  )
  const [failure, setFailure] = useState<DeckError>()
  const [writing, setWriting] = useState<Writing>()
  const calling = useScreenRef("calling off", () => new AbortController())
  // Whatever takes the dialog away, nobody would hear of the file.
  useEffect(() => () => calling.current.abort(), [calling])
  const source = sources.find(({ label }) => label === textIn(form, "what")) ?? sources[0]

  const write = async (path: string) => {
    calling.current = new AbortController()
    const { signal } = calling.current
    const words = new Set<Shown>()
    let done = 0
    const format = formatOf(path, plain)
    async function* pieces() {
      yield format.head(columns)
      for await (const page of source.pages(signal, word => words.add(word))) {
        signal.throwIfAborted()
        yield page.map(record => format.line(record, columns)).join("")
        done += page.length
        setWriting({ done, calledOff: false })
      }
    }
    setFailure(undefined)
    setWriting({ done, calledOff: false })
    try {
      const whole = await writeNewFile(path, pieces())
      shell.back()
      shell.say(savedPieces(counted(done, noun), whole, [...words]))
      saved?.(whole)
    } catch (error) {
      setWriting(undefined)
      if (signal.aborted) shell.say(shown`called off: no file was written`, "look")
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
      calling.current.abort()
      setWriting({ ...writing, calledOff: true })
    },
  }
}

/** `3 users saved to /home/alice/x.csv: nobody else can read it`, and what they lack. */
const savedPieces = (what: Shown, whole: string, words: readonly Shown[]): Piece[] => [
  piece(shown`${what} saved to ${show(whole)}: nobody else can read it`, "good"),
  ...words.map(word => piece(shown`; ${word}`, "look")),
]

function saveLines({ form, saving, failure, writing, source }: SaveModel, columns: number): Piece[][] {
  const fields = [...formLines(form, columns), []]
  if (writing) return [...fields, writingPieces(writing, source)]
  if (failure)
    return [...fields, ...failureLines(withoutField(failure), columns, saving.remains ?? shown`No file was written.`)]
  const format = formatOf(textIn(form, "path") ?? "", saving.plain)
  const note = shown`${format.label}; ${otherFormats(format)} · a new file, which only you can read`
  return [...fields, ...paragraph(note, columns, "dim")]
}

const BAR = 24

/** How far it is: of how many where that is known. */
function writingPieces({ done, calledOff }: Writing, { count }: Source): Piece[] {
  if (calledOff) return [piece(shown`it is being called off…`, "key")]
  if (count === undefined) return [piece(shown`writing… ${grouped(done)} so far`, "key")]
  return [...progressPieces(Math.min(done, count), count, BAR), piece(shown`  ${grouped(done)} of ${grouped(count)}`)]
}

/** The path is named in the message. */
const withoutField = ({ message, traceId }: DeckError) => ({ message, field: undefined, traceId }) as DeckError

/** What there is to save where somebody is. */
export interface Savable {
  readonly shell: Shell
  /** Undefined where there is nothing. */
  saves(): Saving | undefined
}

/** Ctrl-S, wherever there is something to save. */
export const saveBinding = <Model extends Savable>(help: string): Binding<Model> => ({
  keys: ["ctrl-s"],
  label: "save",
  footer: true,
  help,
  possible: model => model.saves() !== undefined || "there is nothing to save",
  run: model => {
    const saving = model.saves()
    if (saving) model.shell.push(saveScreen, saving)
  },
})
