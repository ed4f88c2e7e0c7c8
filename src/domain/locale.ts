/** A value that may be typed, and what it means in English. */
export interface Choice {
  readonly value: string
  readonly label: string
}

const languages = once(() => new Intl.DisplayNames("en", { type: "language", fallback: "none" }))
const regions = once(() => new Intl.DisplayNames("en", { type: "region", fallback: "none" }))

/** Room for any tag in use (RFC 5646, section 4.4.1); extensions and private parts could go on for ever. */
const TAG_AT_MOST = 35

/** `tag` in the spelling of BCP 47 ("en-gb" is "en-GB"); undefined when it names no language or region that there is. */
export function canonicalLocale(tag: string): string | undefined {
  if (tag.length > TAG_AT_MOST) return undefined
  try {
    const locale = new Intl.Locale(tag)
    const known = languages().of(locale.language) && (locale.region === undefined || regions().of(locale.region))
    return known ? locale.toString() : undefined
  } catch {
    return undefined
  }
}

/** The platform looks zones up in files, whose names mind the case: each part begins with a capital letter. */
const ZONE = /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/

/** `name` as the IANA database spells it, older names included; undefined when it has no such zone. */
export function canonicalTimeZone(name: string): string | undefined {
  const listed = zones().get(name.toLowerCase())
  if (listed !== undefined) return listed
  try {
    new Intl.DateTimeFormat("en", { timeZone: name })
    return ZONE.test(name) ? name : undefined
  } catch {
    return undefined
  }
}

/** The languages, each by itself and as it is spoken where: `zh`, `zh-CN` ("Chinese (China)"), and so on by their tags. */
export const localeChoices = once((): readonly Choice[] => {
  const tags = new Set(letterPairs().map(pair => pair.toLowerCase()))
  for (const language of [...tags]) tags.add(spoken(language))
  for (const region of letterPairs()) tags.add(spoken(`und-${region}`))
  return [...tags]
    .filter(tag => canonicalLocale(tag) === tag)
    .map(value => ({ value, label: languages().of(value) as string }))
    .sort((a, b) => (a.value < b.value ? -1 : 1))
})

/** The runtime's time zones, with the name of their time: `Asia/Shanghai`, "China Standard Time". */
export const timezoneChoices = once((): readonly Choice[] =>
  [...zones().values()].map(value => ({ value, label: timeIn(value) })),
)

/** The zones of the runtime by their names in small letters. UTC is the one that its list leaves out. */
const zones = once(
  (): ReadonlyMap<string, string> =>
    new Map(["UTC", ...Intl.supportedValuesOf("timeZone")].map(name => [name.toLowerCase(), name])),
)

/** The likeliest language and region of a tag that names one of the two: "und-AT" is "de-AT", "pt" is "pt-BR". */
function spoken(tag: string): string {
  const { language, region } = new Intl.Locale(tag).maximize()
  return region === undefined ? language : `${language}-${region}`
}

function letterPairs(): string[] {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
  return letters.flatMap(first => letters.map(second => first + second))
}

function timeIn(timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longGeneric" }).formatToParts()
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? ""
}

/** `make`'s answer, made when it is first asked for: each takes the runtime tens of milliseconds. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
