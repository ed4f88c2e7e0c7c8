import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { BoundKey } from "../keys/binding.ts"
import { chordLabel } from "../keys/chord.ts"
import type { Topic } from "../kit/screen.ts"
import { blank, type Piece, piece, piecesWidth } from "../widgets/line.tsx"
import type { Tone } from "../widgets/theme.ts"
import { hanging } from "../widgets/wrap.ts"
import type { HelpSections } from "./help-sections.ts"

/** Returns the lines of the help, or those that contain all `words`. */
export function helpLines(
  topics: readonly Topic[],
  { own, elsewhere }: HelpSections,
  words: readonly string[],
  columns: number,
): Piece[][] {
  const has = (...texts: string[]) => words.every(word => texts.join(" ").toLowerCase().includes(word))
  const matching = ({ keys, label, help }: BoundKey) => has(...keys.map(chordLabel), label, help)
  const drawn = (sections: HelpSections["own"]) =>
    sections.flatMap(({ title, keys }) => section(title, keys.filter(matching), columns))
  const lines = [
    ...drawn(own),
    ...topics.flatMap(topic => topicLines(topic, entry => has(topic.title, ...entry), columns)),
    ...drawn(elsewhere),
  ].slice(0, -1)
  if (words.length === 0) return [...lines, ...hanging(pad(shown``), LEAVING, columns, "dim")]
  return lines.length > 0 ? lines : [[piece(shown`Nothing matches.`, "dim")]]
}

const LEAVING = shown`The key of the tab that you are in leaves what was opened there.`

const KEYS_WIDTH = 20

function section(title: string, keys: readonly BoundKey[], columns: number): Piece[][] {
  if (keys.length === 0) return []
  return [[piece(show(title), "strong")], ...keys.flatMap(key => keyLines(key, columns)), []]
}

/** Draws a key, its effect and, after that or below, why it is not possible now. */
function keyLines({ keys, help, possible }: BoundKey, columns: number): Piece[][] {
  const names = show(keys.map(chordLabel).join(" "))
  if (typeof possible !== "string") return hanging(pad(names), show(help), columns)
  const head = pad(names, "dim")
  const line = [head, piece(show(help), "dim"), piece(shown` (${show(possible)})`, "look")]
  if (piecesWidth(line) <= columns) return [line]
  const indent = piece(blank(width(head[0])))
  return [...hanging(head, show(help), columns, "dim"), ...hanging(indent, show(possible), columns, "look")]
}

type TopicEntry = Topic["entries"][number]

function topicLines(topic: Topic, has: (entry: TopicEntry) => boolean, columns: number): Piece[][] {
  const entries = topic.entries.filter(has)
  if (entries.length === 0) return []
  const lines = entries.flatMap(([typed, meaning]) => hanging(pad(show(typed)), show(meaning), columns))
  return [[piece(show(topic.title), "strong")], ...lines, []]
}

const pad = (text: Shown, tone: Tone = "key") => piece(fit(text, Math.max(KEYS_WIDTH, width(text) + 1)), tone)
