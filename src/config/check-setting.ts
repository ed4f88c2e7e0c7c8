import { didYouMean } from "./command-line.ts"
import { type Kinds, SETTINGS, type Setting, type SettingName } from "./settings.ts"

/** Returns what is wrong with the setting `name`, without quoting its value, which may be a secret; undefined for nothing. */
export function problemOf(name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(SETTINGS, name)) return `no such setting${didYouMean(name, Object.keys(SETTINGS))}`
  const { kind, check }: Setting = SETTINGS[name as SettingName]
  if (kind === "unchecked") return undefined
  const [isOfKind, expected] = KINDS[kind]
  if (!isOfKind(value)) return `expected ${expected}`
  if (value === "") return "is empty"
  return check?.(value as never)
}

/** Check and description of the values of each kind. */
const KINDS: Readonly<
  Record<Exclude<keyof Kinds, "unchecked">, readonly [isOfKind: (value: unknown) => boolean, expected: string]>
> = {
  text: [value => typeof value === "string", "a text"],
  flag: [value => typeof value === "boolean", "true or false"],
  number: [value => typeof value === "number", "a number"],
  texts: [value => Array.isArray(value) && value.every(one => typeof one === "string"), "a list of texts"],
  gateways: [Array.isArray, "a list of gateways"],
}
