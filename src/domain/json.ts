import { rawJSON } from "./decimal.ts"

/** Control, format and line-separator characters that JSON itself leaves raw and a terminal may interpret. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Whether `text` holds any of these. */
export const hasInvisible = (text: string): boolean => text.search(INVISIBLE) >= 0

const escaped = (character: string) =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("")

/** Formats `value` as one line of JSON: numbers with all their digits, text raw except for invisible characters. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? rawJSON(String(part)) : part))
  return json.replace(INVISIBLE, escaped)
}

/** Text as it is, unless a terminal could interpret it when printed or pasted: then, like other values, as JSON. */
export const plainText = (value: unknown): string =>
  typeof value === "string" && !hasInvisible(value) ? value : toJson(value)
