import { useEffect, useRef, useState } from "react"
import { asDeckError } from "../../domain/errors.ts"
import { show, shown, width } from "../../domain/safe-text.ts"
import type { BoundKey } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import { type FieldText, fieldTarget, fieldText } from "../keys/text-field.ts"
import { defineDialog } from "../kit/dialog/define-dialog.tsx"
import type { PaletteCommand, Size } from "../kit/screen.ts"
import { type Shell, useScreenState, useShell } from "../kit/shell.ts"
import { edited, type HistoryField, historyField, movedInHistory, typedIn } from "../widgets/field-history.ts"
import { filled, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import { fieldPieces } from "../widgets/text-field-view.ts"
import type { Tone } from "../widgets/theme.ts"
import { clauses, hanging } from "../widgets/wrap.ts"
import { entriesFor, type PaletteEntry } from "./palette-entries.ts"

interface PaletteState {
  readonly field: HistoryField
  readonly chosen: number
}

const MOST_ENTRIES = 12

/** Dialog that finds every command of the screen by a few letters; screens take an argument. */
export const paletteScreen = defineDialog({
  id: "palette",
  title: "Palette",
  summary: "go to a screen or run an action by its name",
  columns: 100,
  typedAhead: true,
  margin: 2,
  bindings: [
    { keys: ["enter"], label: "do it", footer: true, inField: true, run: (model, pressedAt) => model.run(pressedAt) },
    { keys: ["tab"], label: "complete", footer: true, inField: true, run: model => model.complete() },
    { keys: ["down"], label: "next", footer: true, inField: true, run: model => model.down() },
    {
      keys: ["up"],
      label: "previous",
      now: ({ chosen }) => (chosen === 0 ? "history" : undefined),
      footer: true,
      inField: true,
      run: model => model.up(),
    },
  ],
  useModel: usePalette,
  heading: () => shown`Go to a screen, or run an action`,
  lines: (model, { columns }) => paletteLines(model, columns),
})

function usePalette(_: unknown, { rows }: Size) {
  const shell = useShell()
  const [{ field, chosen: kept }, set] = useScreenState<PaletteState>("palette", () => ({
    field: historyField("", shell.inputHistory.entries("palette")),
    chosen: 0,
  }))
  const room = Math.min(MOST_ENTRIES, rows - 1)
  const found = entriesFor(typedIn(field), pressable(shell), shell.commands).slice(0, room)
  const chosen = Math.min(kept, Math.max(0, found.length - 1))
  const entry = found[chosen]
  /** Shown instead of the entries while an argument is looked up, or where that failed. */
  const [note, setNote] = useState<{ readonly text: string; readonly tone: Tone }>()
  const looking = useRef<AbortController>(undefined)
  useEffect(() => () => looking.current?.abort(), [])
  const choose = (chosen: number) => set(({ field }) => ({ field, chosen }))
  const recall = (by: 1 | -1) => set(({ field }) => ({ field: movedInHistory(field, by), chosen: 0 }))
  const edit = (change: (text: FieldText) => FieldText) => {
    looking.current?.abort()
    setNote(undefined)
    set(({ field }) => ({ field: edited(field, change), chosen: 0 }))
  }
  const open = async ({ read, says, screen, tab }: PaletteCommand, text: string) => {
    looking.current?.abort()
    looking.current = new AbortController()
    const { signal } = looking.current
    setNote({ text: `looking up ${text}…`, tone: "dim" })
    try {
      const params = await read(text, shell.deck, signal)
      if (signal.aborted) return
      if (says === undefined) return shell.instead(screen, params, tab)
      shell.back()
      shell.say(says(params), "good")
    } catch (thrown) {
      if (!signal.aborted) setNote({ text: asDeckError(thrown).message, tone: "act" })
    }
  }
  return {
    text: field.text,
    found,
    chosen,
    note,
    field: fieldTarget(edit),
    down: () => {
      if (field.at >= 0 && chosen === 0) recall(-1)
      else choose(chosen + 1 < found.length ? chosen + 1 : 0)
    },
    up: () => (chosen > 0 ? choose(chosen - 1) : recall(1)),
    complete: () => entry && edit(() => fieldText(completed(entry))),
    /** What was typed can be recalled. */
    close: () => {
      shell.inputHistory.add("palette", typedIn(field))
      shell.back()
    },
    run: (pressedAt: number) => {
      if (entry === undefined) return
      const { action, name } = entry
      if (action.kind === "complete") return edit(() => fieldText(action.text))
      shell.inputHistory.add("palette", name)
      if (action.kind === "open") return void open(action.command, action.text)
      shell.back()
      // The screen below may have changed since this was drawn.
      pressable(shell)
        .find(key => key.name === action.key.name)
        ?.press(pressedAt)
    },
  }
}

/** Returns the keys that are commands, the screen's own first, each name once: not motions, nor the palette itself. */
function pressable(shell: Shell): readonly BoundKey[] {
  const { keys, everywhere } = shell.below()
  return [...keys, ...everywhere]
    .filter(key => key.possible === true && !key.repeats && key.name !== "palette")
    .filter(({ label }, index, all) => all.findIndex(key => key.label === label) === index)
}

const completed = ({ name, action }: PaletteEntry) => (action.kind === "complete" ? action.text : name)

function paletteLines({ text, found, chosen, note }: ReturnType<typeof usePalette>, columns: number): Piece[][] {
  const field = [piece(shown`: `, "key"), ...fieldPieces(text, columns - 2, { focused: true })]
  if (note) return [field, ...hanging(piece(shown`  `), show(note.text), columns, note.tone)]
  if (found.length === 0) return [field, [piece(shown`  no command matches`, "dim")]]
  return [field, ...found.map((entry, index) => entryPieces(entry, index === chosen, columns))]
}

function entryPieces({ name, at, help, action }: PaletteEntry, isChosen: boolean, columns: number): Piece[] {
  const chord = action.kind === "press" ? show(chordLabel(action.key.keys[0])) : shown``
  const called = [piece(isChosen ? shown`▌ ` : shown`  `), ...lettersOf(name, at, isChosen ? "strong" : "plain")]
  const room = columns - width(chord) - 1
  const left = [...called, piece(shown`  ${show(clauses(help, room - piecesWidth(called) - 2))}`, "dim")]
  return [...filled(left, room), piece(shown` ${chord}`, "key")]
}

/** Draws the name, its typed letters in the tone of keys. */
function lettersOf(name: string, at: readonly number[], tone: Tone): Piece[] {
  const found = new Set(at)
  const pieces: Piece[] = []
  for (let from = 0; from < name.length; ) {
    let to = from + 1
    while (to < name.length && found.has(to) === found.has(from)) to++
    pieces.push(piece(show(name.slice(from, to)), found.has(from) ? "key" : tone))
    from = to
  }
  return pieces
}
