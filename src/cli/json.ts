import { Decimal } from "../domain/decimal.ts"

/** In every Node since 22, and not yet in TypeScript's library. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown }

/** Control, format and line-separator characters that JSON itself leaves raw and a terminal may obey. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (character: string) =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("")

const isExact = (value: unknown) => typeof value === "bigint" || value instanceof Decimal

/** `value` as one line of JSON: bigint and Decimal with all their digits, text raw but for characters nobody can see. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value, (_, part) => (isExact(part) ? rawJSON(String(part)) : part))
  return json.replace(INVISIBLE, escaped)
}
