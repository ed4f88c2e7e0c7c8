export type Background = "dark" | "light"

/** Asks for the background (OSC 11). */
export const BACKGROUND_QUESTION = "\x1b]11;?\x1b\\"

const COLOUR =
  /^\x1b\]11;(?:rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})|#([\da-f]{2})([\da-f]{2})([\da-f]{2}))/i

/** Luminance (WCAG 2, relative luminance) on which black and white text stand out alike. */
const MIDDLE = 0.179

/** Returns what a terminal's reply says of its background; undefined for other replies. */
export function backgroundOf(reply: string): Background | undefined {
  const parts = COLOUR.exec(reply)
    ?.slice(1)
    .filter(part => part !== undefined)
  if (!parts) return undefined
  const [red, green, blue] = parts.map(part => Number.parseInt(part, 16) / (16 ** part.length - 1))
  return luminance(red as number, green as number, blue as number) > MIDDLE ? "light" : "dark"
}

/** Returns the relative luminance of a colour of sRGB, all from 0 to 1 (WCAG 2). */
export function luminance(red: number, green: number, blue: number): number {
  const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}
