import { expect, test } from "vitest"
import { themeFor } from "../../../src/ui/widgets/themes.ts"

const declared = (value: unknown) => ({ value, label: "theme in config.json" })
const refusal = (value: unknown) => {
  try {
    themeFor(declared(value), {})
  } catch (error) {
    return (error as Error).message
  }
  return undefined
}

test("a theme by name, single tones, or what the terminal says of its background", () => {
  expect(themeFor(undefined, {})).toMatchObject({ look: ["yellow"], key: ["cyan"] })
  expect(themeFor(undefined, { COLORFGBG: "0;15" })).toMatchObject({ look: ["magenta"], key: ["blue"] })
  expect(themeFor(undefined, { COLORFGBG: "15;0" })).toMatchObject({ look: ["yellow"] })
  expect(themeFor(declared("light"), { COLORFGBG: "15;0" })).toMatchObject({ look: ["magenta"] })
  expect(themeFor(declared({ key: ["blue", "bold"], look: "cyan" }), {})).toMatchObject({
    key: ["blue", "bold"],
    look: ["cyan"],
    good: ["green"],
  })
})

test("NO_COLOR comes before what is declared, and a declaration is checked all the same", () => {
  const colours = /red|green|yellow|blue|magenta|cyan/
  for (const value of ["default", "mono", { key: "red" }]) {
    expect(
      Object.values(themeFor(declared(value), { NO_COLOR: "1" }))
        .flat()
        .join(),
    ).not.toMatch(colours)
  }
  expect(() => themeFor(declared("mone"), { NO_COLOR: "1" })).toThrow("did you mean mono?")
})

test("what does not exist is told in one line", () => {
  expect(refusal("ligth")).toMatch(
    /^theme in config.json: no such theme; did you mean light\?; expected default, light/,
  )
  expect(refusal({ keys: "red" })).toBe("theme in config.json: keys: no such tone; did you mean key?")
  expect(refusal({ key: "rde" })).toBe("theme in config.json: key: no such style as rde; did you mean red?")
  expect(refusal({ key: ["bold", 7] })).toContain("theme in config.json: key: expected the name of a style")
  expect(refusal(7)).toContain("theme in config.json: expected default, light, mono")
  expect(refusal({ constructor: "red" })).toContain("constructor: no such tone")
})
