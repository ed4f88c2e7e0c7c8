import { z } from "zod"

/** Letters that are told apart when they are said on a bad line. */
const CONSONANTS = "bdfklmnprstvz"
const VOWELS = "aiou"
const SYLLABLES = 3
const PATTERN = new RegExp(`^([${CONSONANTS}][${VOWELS}]){${SYLLABLES}}$`)

/** Name of an incident: three syllables, to be said and typed. */
export const incidentId = z
  .string()
  .toLowerCase()
  .regex(PATTERN, "must be the id of an incident, like kibano: opsdeck incident list")
  .meta({ placeholder: "ID" })

/** Makes an id; one of 140 000, none of `taken`. `random` returns a whole number below its argument. */
export function newIncidentId(random: (below: number) => number, taken: ReadonlySet<string>): string {
  const letter = (of: string) => of[random(of.length)] as string
  for (;;) {
    const id = Array.from({ length: SYLLABLES }, () => letter(CONSONANTS) + letter(VOWELS)).join("")
    if (!taken.has(id)) return id
  }
}
