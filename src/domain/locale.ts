/** A value to type, and its meaning in English. */
export interface Choice {
  readonly value: string
  readonly label: string
}

const languages = once(() => new Intl.DisplayNames("en", { type: "language", fallback: "none" }))
const regions = once(() => new Intl.DisplayNames("en", { type: "region", fallback: "none" }))

/** Room for any tag in use (RFC 5646, section 4.4.1); extensions and private parts are unlimited. */
const TAG_AT_MOST = 35

/** Returns `tag` in the spelling of BCP 47 ("en-GB" for "en-gb"); undefined for an unknown language or region. */
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

/** The platform looks zones up in files, whose names are case-sensitive: each part begins with a capital letter. */
const ZONE = /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/

/** Returns `name` in the spelling of the IANA database, older names included; undefined for an unknown zone. */
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

/** The languages, alone and with their regions: `zh`, `zh-CN` ("Chinese (China)"), and so on, sorted by tag. */
export const localeChoices = once((): readonly Choice[] => {
  const tags = new Set(letterPairs().map(pair => pair.toLowerCase()))
  for (const language of [...tags]) tags.add(spoken(language))
  for (const region of letterPairs()) tags.add(spoken(`und-${region}`))
  return [...tags]
    .filter(tag => canonicalLocale(tag) === tag)
    .map(value => ({ value, label: languages().of(value) as string }))
    .sort((a, b) => (a.value < b.value ? -1 : 1))
})

/** The runtime's time zones, with their long names: `Asia/Shanghai`, "China Standard Time". */
export const timezoneChoices = once((): readonly Choice[] =>
  [...zones().values()].map(value => ({ value, label: timeIn(value) })),
)

/** The runtime's zones by their names in lower case. Its own list lacks UTC. */
const zones = once(
  (): ReadonlyMap<string, string> =>
    new Map(["UTC", ...Intl.supportedValuesOf("timeZone")].map(name => [name.toLowerCase(), name])),
)

/** The likeliest language and region of a tag with one of the two: "de-AT" for "und-AT", "pt-BR" for "pt". */
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

/** Computes a value at its first use: each takes the runtime tens of milliseconds. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
