import { globSync, readFileSync } from "node:fs"
import xterm from "@xterm/headless"
import { expect, test } from "vitest"
import { animation } from "../../scripts/pictures/animation.mjs"
import { SCENES, WITHOUT_SCENE } from "../../scripts/pictures/scenes.mjs"
import { picture, rowsOf, SHEETS } from "../../scripts/pictures/svg.mjs"

/** The rows of a terminal of 20 columns, as SVG, after `written`. */
async function rowsAfter(written: string): Promise<string[]> {
  const emulator = new xterm.Terminal({ cols: 20, rows: 2, allowProposedApi: true })
  await new Promise<void>(done => emulator.write(written, done))
  return rowsOf(emulator)
}

test("text of one style is one text, as wide as its cells; another style begins another", async () => {
  const [row] = await rowsAfter("GET  /v1 \x1b[1;31m500\x1b[0m")
  expect(row).toBe(
    '<text x="0" y="13.5" textLength="67.44">GET  /v1</text>' +
      '<text x="75.87" y="13.5" textLength="25.29" fill="#e5687a" font-weight="bold">500</text>',
  )
})

test("what is markup in a file is text in its picture", async () => {
  expect((await rowsAfter("<b>&"))[0]).toContain("&lt;b&gt;&amp;")
})

test("letters that are two cells wide keep to their cells", async () => {
  const [row] = await rowsAfter("李思 a")
  expect(row).toContain('<text x="0" y="13.5" textLength="16.86">李</text>')
  expect(row).toContain('<text x="16.86" y="13.5" textLength="16.86">思</text>')
  expect(row).toContain('<text x="42.15" y="13.5">a</text>')
})

test("bars and borders are shapes, an inverse row has a background of one piece", async () => {
  const [row] = await rowsAfter("\x1b[7m▄│李\x1b[0m")
  expect(row).toMatch(/^<rect x="0" width="33.72" height="18" fill="#d3d7de"\/>/)
  expect(row).toContain('<rect x="0" y="9" width="8.43" height="9"')
  expect(row).toContain('<path transform="translate(8.43)"')
})

test("a picture has its title, and its rows below one another", async () => {
  const svg = picture(await rowsAfter("one\r\ntwo"), 20, "Rows & columns")
  expect(svg).toContain("<title>Rows &amp; columns</title>")
  expect(svg).toMatch(/translate\(0 0\)"><text[^>]*>one[\s\S]*translate\(0 18\)"><text[^>]*>two/)
})

test("in an animation a row that stays stands once, and each frame is seen in its own time", () => {
  const svg = animation(
    [
      { rows: ["<g>head</g>", "<g>first</g>"], seconds: 1 },
      { rows: ["<g>head</g>", "<g>second</g>"], seconds: 3 },
    ],
    { columns: 20, title: "Two frames", still: 1 },
  )
  expect(svg.match(/head/g)).toHaveLength(1)
  expect(svg.match(/<use href="#r0" y="0"\/>/g)).toHaveLength(2)
  expect(svg).toContain("animation:4s step-end infinite")
  expect(svg).toContain("@keyframes f0{0%{visibility:visible}25%{visibility:hidden}}")
  expect(svg).toContain("@keyframes f1{0%{visibility:hidden}25%{visibility:visible}}")
})

test("on a light sheet a picture has the colours of a light terminal", async () => {
  const emulator = new xterm.Terminal({ cols: 20, rows: 1, allowProposedApi: true })
  await new Promise<void>(done => emulator.write("plain \x1b[38;5;25mkey\x1b[0m \x1b[31mred", done))
  const svg = picture(rowsOf(emulator, SHEETS.light), 20, "light", SHEETS.light)
  const { background, foreground, palette } = SHEETS.light
  for (const colour of [background, foreground, "#005faf", palette[1]]) expect(svg).toContain(`fill="${colour}"`)
})

test("there is a scene for every screen and every dialog", () => {
  const declared = globSync("src/ui/**/*.{ts,tsx}").flatMap(path => {
    const text = readFileSync(path, "utf8")
    const isScreen = /\bdefine(Screen|Dialog|Form|Detail|Table\w*)\b/.test(text)
    return isScreen ? [...text.matchAll(/^ {2}id: "([\w-]+)",$/gm)].map(([, id]) => id) : []
  })
  expect(declared.length).toBeGreaterThan(30)
  const shown = new Set([...SCENES.map(({ name }) => name.split("+")[0]), ...Object.keys(WITHOUT_SCENE)])
  expect(declared.filter(id => !shown.has(id))).toEqual([])
})
