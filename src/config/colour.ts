import { COLOURS, type Colour } from "./settings.ts"

/**
 * Returns the colour of the environment's name. A profile that does not say has one of its own: red where its name begins
 * with `prod`, else another that is made of its name.
 */
export function colourBy(
  set: Colour | undefined,
  profile: string | undefined,
  ownDatabase: boolean,
): { readonly colour?: Colour } {
  if (profile === undefined) return set === undefined ? {} : { colour: set }
  if (!ownDatabase) return {}
  const [red, ...others] = COLOURS
  const sum = [...profile].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 0)
  return { colour: set ?? (isProduction(profile) ? red : (others[sum % others.length] as Colour)) }
}

/** Tells whether a profile is that of production, by its name. */
export const isProduction = (profile: string | undefined) => /^prod/i.test(profile ?? "")
