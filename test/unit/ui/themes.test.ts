import { describe, expect, test } from "vitest"
import { backgroundOf, luminance } from "../../../src/ui/terminal/background.ts"
import { NAMED_PALETTES, PALETTES } from "../../../src/ui/widgets/palettes.ts"
import { themeFor } from "../../../src/ui/widgets/themes.ts"

const declared = (value: unknown) => ({ value, label: "theme in config.json" })
const first = (value: unknown, env: Record<string, string> = {}, colourBits = 4) =>
  themeFor(value === undefined ? undefined : declared(value), env, colourBits).first
const refusal = (value: unknown, env: Record<string, string> = {}) => {
  try {
    themeFor(declared(value), env, 4)
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

test("a theme by name, single tones, or what is known of the terminal's background", () => {
  expect(first(undefined)).toMatchObject({ look: { names: ["yellow"] }, key: { names: ["cyan"] } })
  expect(first(undefined, { COLORFGBG: "0;15" })).toEqual(NAMED_PALETTES.light)
  expect(first(undefined, { COLORFGBG: "15;0" })).toEqual(NAMED_PALETTES.dark)
  expect(first("light", { COLORFGBG: "15;0" })).toEqual(NAMED_PALETTES.light)
  expect(first("dark", { COLORFGBG: "0;15" })).toEqual(NAMED_PALETTES.dark)
  expect(first({ key: ["blue", "bold"], look: "cyan" })).toMatchObject({
    key: { names: ["blue", "bold"] },
    look: { names: ["cyan"] },
    good: { names: ["green"] },
  })
})

test("only where the background matters it is asked for, and the answer has its theme", () => {
  const choice = (value: unknown, env: Record<string, string> = {}) => themeFor(declared(value), env, 24)
  for (const value of ["auto", { key: "red" }]) expect(choice(value).isAuto).toBe(true)
  for (const value of ["dark", "light", "mono"]) expect(choice(value).isAuto).toBe(false)
  expect(choice("auto", { NO_COLOR: "1" }).isAuto).toBe(false)
  expect(choice("auto").on("light")).toEqual(PALETTES.light)
  expect(choice("auto", { COLORFGBG: "0;15" }).on("dark")).toEqual(PALETTES.dark)
  expect(choice({ key: "red" }).on("light")).toEqual({ ...PALETTES.light, key: { names: ["red"] } })
})

test("NO_COLOR comes before what is declared, and a declaration is checked all the same", () => {
  for (const value of ["dark", "mono", { key: "red" }]) {
    for (const { names = [], ink, paper } of Object.values(first(value, { NO_COLOR: "1" }, 24))) {
      expect([ink, paper]).toEqual([undefined, undefined])
      expect(names.join()).not.toMatch(/red|green|yellow|blue|magenta|cyan|white/i)
    }
  }
  expect(refusal("mone", { NO_COLOR: "1" })).toContain("did you mean mono?")
})

test("what does not exist is told in one line", () => {
  expect(refusal("ligth")).toMatch(
    /^theme in config.json: no such theme; did you mean light\?; expected auto, dark, light, mono/,
  )
  expect(refusal({ keys: "red" })).toBe("theme in config.json: keys: no such tone; did you mean key?")
  expect(refusal({ key: "rde" })).toBe("theme in config.json: key: no such style as rde; did you mean red?")
  expect(refusal({ key: ["bold", 7] })).toContain("theme in config.json: key: expected the name of a style")
  expect(refusal(7)).toContain("theme in config.json: expected auto, dark, light, mono")
  expect(refusal({ constructor: "red" })).toContain("constructor: no such tone")
})

test("what a terminal says of its background, in any of the forms", () => {
  const said = {
    "rgb:ffff/ffff/ffff": "light",
    "rgb:fdfd/f6f6/e3e3": "light",
    "rgb:1e1e/1e1e/2e2e": "dark",
    "rgb:0/0/0": "dark",
    "rgb:f/f/f": "light",
    "rgba:ffff/ffff/ffff/8080": "light",
    "#ffffff": "light",
    "#002b36": "dark",
    "rgb:0000/0000/ffff": "dark",
    "rgb:ffff/ffff/0000": "light",
  }
  for (const [colour, background] of Object.entries(said)) {
    expect([colour, backgroundOf(`\x1b]11;${colour}`)]).toEqual([colour, background])
  }
  for (const other of ["\x1b]10;rgb:ffff/ffff/ffff", "\x1b]11;?", "\x1b[?62;22c", "\x1b]11;rgb:ffff/ffff"]) {
    expect(backgroundOf(other)).toBeUndefined()
  }
})

describe("contrast on the backgrounds of usual terminals", () => {
  const BACKGROUNDS = {
    dark: ["#000000", "#1e1e1e", "#282c34", "#002b36", "#300a24"],
    light: ["#ffffff", "#fafafa", "#fdf6e3"],
  }
  const ofHex = (colour: string) => [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
  /** The parts of a colour among the 256, from 16 on: a cube of 6 steps, then greys. */
  const ofNumber = (colour: number) => {
    expect(colour).toBeGreaterThanOrEqual(16)
    if (colour >= 232) return Array<number>(3).fill(8 + 10 * (colour - 232))
    const steps = [Math.floor((colour - 16) / 36), Math.floor((colour - 16) / 6) % 6, (colour - 16) % 6]
    return steps.map(step => (step === 0 ? 0 : 55 + 40 * step))
  }
  const lightOf = (parts: readonly number[]) =>
    luminance(...(parts.map(part => part / 255) as [number, number, number]))
  const contrast = (one: readonly number[], other: readonly number[]) => {
    const [least, most] = [lightOf(one), lightOf(other)].sort((a, b) => a - b) as [number, number]
    return (most + 0.05) / (least + 0.05)
  }

  test.each(["dark", "light"] as const)("%s", background => {
    for (const [tone, { ink, paper }] of Object.entries(PALETTES[background])) {
      if (ink === undefined) continue
      const least = tone === "dim" ? 3 : 4.5
      const papers = paper === undefined ? BACKGROUNDS[background].map(ofHex) : [ofNumber(paper)]
      for (const on of papers) {
        const found = contrast(ofNumber(ink), on)
        expect(found, `${tone} has ${found.toFixed(2)} on ${on}`).toBeGreaterThanOrEqual(least)
      }
    }
  })

  test("each tone and each badge is told from the others", () => {
    for (const palette of [...Object.values(PALETTES), ...Object.values(NAMED_PALETTES)]) {
      const { bar: _, ...texts } = palette
      const styles = Object.values(texts).map(style => JSON.stringify(style))
      expect(new Set(styles).size).toBe(styles.length)
    }
  })

  test("with 16 colours nothing on a light background is yellow, cyan or white text", () => {
    for (const { names = [] } of Object.values(NAMED_PALETTES.light)) {
      const paper = names.some(name => name.startsWith("bg"))
      if (!paper) expect(names.join()).not.toMatch(/yellow|cyan|white/i)
    }
  })
})
