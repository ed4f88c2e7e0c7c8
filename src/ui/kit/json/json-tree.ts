/** Line of JSON as it is printed over several lines; its texts are as they came, and untrusted. */
export interface JsonLine {
  /** How deep it stands, from 0. */
  readonly depth: number
  /** `"name": ` of a member; empty elsewhere. */
  readonly name: string
  /** `"text",`, `{` or `],`; the title of a part. */
  readonly text: string
  /** The same while what it opens is folded; empty where it opens nothing. */
  readonly folded: string
  /** Index of the last line of what it opens; its own where it opens nothing. */
  readonly end: number
  /** Index of the line that opens what it stands in; -1 outside of all. */
  readonly parent: number
  /** The value that it, or what it opens, is. */
  readonly value: unknown
}

/** Values under titles of their own, which fold as objects do. */
export interface JsonPart {
  readonly title: string
  readonly value: unknown
}

type Draft = { -readonly [Key in keyof JsonLine]: JsonLine[Key] }

/** An object or array whose lines are being made; `names` are those of an object's members. */
interface Open {
  readonly at: number
  readonly names: readonly string[] | undefined
  readonly values: readonly unknown[]
  next: number
  readonly close: string
}

/** Makes the lines of values of JSON, each under its title. However deep they are, nothing recurs. */
export function jsonLines(parts: readonly JsonPart[]): JsonLine[] {
  const lines: Draft[] = []
  for (const { title, value } of parts) {
    const parent = lines.length
    lines.push({ depth: 0, name: "", text: title, folded: title, end: parent, parent: -1, value })
    addValue(lines, value, parent)
    ;(lines[parent] as Draft).end = lines.length - 1
  }
  return lines
}

function addValue(lines: Draft[], root: unknown, parent: number): void {
  const stack: Open[] = []
  /** Adds a value, or what opens it; `comma` stands behind what is not the last of its object. */
  const add = (name: string, value: unknown, comma: string) => {
    const at = lines.length
    const line = { depth: stack.length, name, text: "", folded: "", end: at, parent: stack.at(-1)?.at ?? parent, value }
    lines.push(line)
    const isArray = Array.isArray(value)
    const names = isArray || typeof value !== "object" || value === null ? undefined : Object.keys(value)
    const values = isArray ? value : names ? Object.values(value as object) : []
    if (values.length === 0) {
      line.text = `${JSON.stringify(value) ?? "null"}${comma}`
      return
    }
    const [open, close, noun] = isArray ? (["[", "]", "item"] as const) : (["{", "}", "member"] as const)
    line.text = open
    line.folded = `${open} ${values.length} ${noun}${values.length === 1 ? "" : "s"} ${close}${comma}`
    stack.push({ at, names, values, next: 0, close: `${close}${comma}` })
  }
  add("", root, "")
  for (let open = stack.at(-1); open !== undefined; open = stack.at(-1)) {
    const { names, values, at } = open
    const index = open.next++
    if (index < values.length) {
      add(names ? `${JSON.stringify(names[index])}: ` : "", values[index], index === values.length - 1 ? "" : ",")
      continue
    }
    stack.pop()
    const opening = lines[at] as Draft
    const end = lines.length
    opening.end = end
    lines.push({ depth: opening.depth, name: "", text: open.close, folded: "", end, parent: at, value: opening.value })
  }
}

/** Tells whether a line opens something that can be folded. */
export const canFold = ({ folded }: JsonLine): boolean => folded !== ""

/** Returns the indexes of the lines that have `text` in them, in any case. */
export function linesWith(lines: readonly JsonLine[], has: (text: string) => boolean): number[] {
  const found: number[] = []
  for (const [index, { name, text }] of lines.entries()) if (has(name + text)) found.push(index)
  return found
}
