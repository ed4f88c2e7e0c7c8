import { stripVTControlCharacters } from "node:util"
import { eastAsianWidth } from "get-east-asian-width"

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}]/v

/** Cache of columns by code point. */
const known = new Map<number, number>()

/**
 * Returns the width of `text` in terminal columns, summed over its code points. For text that is `Shown` the result
 * equals that of the package string-width, which looks at whole clusters, at a fraction of the cost; the build puts it
 * in that package's place under Ink, which measures little but a blank, and starts sooner without the package's tables.
 */
export default function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  let columns = 0
  for (const character of text.includes("\x1b") ? stripVTControlCharacters(text) : text) {
    const code = character.codePointAt(0) as number
    let width = known.get(code)
    if (width === undefined) {
      width = INVISIBLE.test(character) ? 0 : eastAsianWidth(code)
      known.set(code, width)
    }
    columns += width
  }
  return columns
}
