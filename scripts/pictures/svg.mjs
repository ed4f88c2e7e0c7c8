// The cells of a terminal emulator as SVG: text that stays text, blocks and lines as shapes.

export const CELL = { width: 8.43, height: 18 }
const PADDING = 12
const BASELINE = 13.5
const FONTS = "DejaVu Sans Mono,Menlo,Consolas,Liberation Mono,monospace"

/** What is drawn on: colours of the sheet and of text, and the 16 of a terminal. */
export const SHEETS = {
  dark: {
    background: "#15181e",
    foreground: "#d3d7de",
    palette: [
      ...["#1f232b", "#e5687a", "#8fc47d", "#e0b765", "#6aa8ea", "#c387dd", "#58b7c4", "#d3d7de"],
      ...["#7b8494", "#ff8494", "#aadd97", "#f7d184", "#8cc2ff", "#d9a3f0", "#77d3df", "#ffffff"],
    ],
  },
  light: {
    background: "#fdfdfc",
    foreground: "#22262e",
    palette: [
      ...["#22262e", "#b3202f", "#2f7d21", "#8f6400", "#1f5fae", "#8a3aa8", "#0f7482", "#d8dbe0"],
      ...["#6b7280", "#d33447", "#3f9a2f", "#b07d00", "#2f78d0", "#a650c8", "#1b93a3", "#ffffff"],
    ],
  },
}

/** The rectangle of a block element within its cell, as parts of it: x, y, width, height. */
const BLOCKS = new Map([
  ...Array.from({ length: 8 }, (_, i) => [String.fromCodePoint(0x2581 + i), [0, 1 - (i + 1) / 8, 1, (i + 1) / 8]]),
  ...Array.from({ length: 7 }, (_, i) => [String.fromCodePoint(0x2589 + i), [0, 0, (7 - i) / 8, 1]]),
  ["▐", [0.5, 0, 0.5, 1]],
])

/** Where the strokes of a line-drawing character lead from the middle of its cell. */
const STROKES = {
  "─": "lr",
  "│": "ud",
  "┌": "rd",
  "┐": "ld",
  "└": "ru",
  "┘": "lu",
  "├": "udr",
  "┤": "udl",
  "┬": "lrd",
  "┴": "lru",
  "┼": "lrud",
}
const ENDS = { l: "H0", r: `H${CELL.width}`, u: "V0", d: `V${CELL.height}` }

/** Text whose letters stand side by side, each as wide as a cell, in any monospaced font. */
const PLAIN = /^[\x20-\u058f\u2010-\u2027\u2190-\u21ff]$/

/**
 * The rows of the screen, each as SVG that stands at the origin.
 * @param {import("@xterm/headless").Terminal} emulator
 * @returns {string[]}
 */
export function rowsOf(emulator, sheet = SHEETS.dark) {
  const { active } = emulator.buffer
  return Array.from({ length: emulator.rows }, (_, row) =>
    rowOf(active.getLine(active.viewportY + row), emulator.cols, sheet),
  )
}

/** A picture of `rows`. */
export function picture(rows, columns, title, sheet = SHEETS.dark) {
  return svgDocument(
    { columns, rows: rows.length, title, sheet },
    "",
    rows.map((row, at) => placed(row, at)).join("\n"),
  )
}

/**
 * The whole file: a sheet with `body` on it.
 * @param {{ columns: number, rows: number, title: string }} size
 */
export function svgDocument({ columns, rows, title, sheet = SHEETS.dark }, style, body) {
  const width = Math.ceil(columns * CELL.width + 2 * PADDING)
  const height = Math.ceil(rows * CELL.height + 2 * PADDING)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>text{white-space:pre}${style}</style>
<rect width="100%" height="100%" rx="8" fill="${sheet.background}"/>
<g transform="translate(${PADDING} ${PADDING})" font-family="${FONTS}" font-size="14" fill="${sheet.foreground}" xml:space="preserve">
${body}
</g>
</svg>
`
}

/** SVG that stands at the origin, in row `at` instead. */
const placed = (svg, at) => (svg === "" ? "" : `<g transform="translate(0 ${at * CELL.height})">${svg}</g>`)

/** A line of our own below the screen: the key that is pressed, and what it does. */
export function caption(key, words) {
  const box = key === "" ? 0 : key.length + 2
  const { palette, background: sheet } = SHEETS.dark
  const background = box ? `<rect width="${at(box)}" height="${CELL.height}" rx="3" fill="${palette[6]}"/>` : ""
  const name = box ? text(key, 1, key.length, { colour: sheet, bold: true }) : ""
  return `${background}${name}${text(words, box ? box + 1 : 0, words.length, { colour: palette[15], bold: false })}`
}

function rowOf(line, columns, sheet) {
  const runs = runsOf(line, columns, sheet)
  return `${papers(runs, sheet).map(paper).join("")}${runs.map(run => inkOf(run, sheet)).join("")}`
}

/** What can be drawn as one text: plain cells of one style side by side; of others each by itself. */
function runsOf(line, columns, sheet) {
  const runs = []
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column)
    if (!cell || cell.getWidth() === 0) continue
    const words = cell.getChars() || " "
    const run = { text: words, column, width: cell.getWidth(), style: styleOf(cell, sheet), plain: PLAIN.test(words) }
    const before = runs.at(-1)
    if (before?.plain && run.plain && sameStyle(before.style, run.style)) {
      before.text += words
      before.width += run.width
    } else runs.push(run)
  }
  return runs
}

/** The stretches of `runs` that have another background than the sheet. */
function papers(runs, sheet) {
  const stretches = []
  for (const { column, width, style } of runs) {
    const before = stretches.at(-1)
    const goesOn = before?.colour === style.background && before.column + before.width === column
    if (goesOn) before.width += width
    else if (style.background !== sheet.background) stretches.push({ column, width, colour: style.background })
  }
  return stretches
}

const paper = ({ column, width, colour }) =>
  `<rect x="${at(column)}" width="${at(width)}" height="${CELL.height}" fill="${colour}"/>`

function inkOf({ text: words, column, width, style, plain }, sheet) {
  const block = BLOCKS.get(words)
  if (block) {
    const [x, y, w, h] = block
    const place = `x="${at(column + x)}" y="${round(y * CELL.height)}" width="${at(w)}" height="${round(h * CELL.height)}"`
    return `<rect ${place} fill="${style.colour}"/>`
  }
  const strokes = STROKES[words]
  if (strokes) {
    const middle = `M${round(CELL.width / 2)} ${CELL.height / 2}`
    const lines = Array.from(strokes, end => `${middle}${ENDS[end]}`).join("")
    return `<path transform="translate(${at(column)})" d="${lines}" stroke="${style.colour}"/>`
  }
  const end = words.trimEnd()
  const begin = end.length - end.trimStart().length
  return end === "" ? "" : text(end.slice(begin), column + begin, plain ? end.length - begin : width, style, sheet)
}

function text(words, column, width, { colour, bold, underlined }, sheet = SHEETS.dark) {
  const fill = colour === sheet.foreground ? "" : ` fill="${colour}"`
  const looks = `${bold ? ' font-weight="bold"' : ""}${underlined ? ' text-decoration="underline"' : ""}`
  // Whatever the font of the reader: a text is as wide as its cells.
  const length = width > 1 ? ` textLength="${at(width)}"` : ""
  return `<text x="${at(column)}" y="${BASELINE}"${length}${fill}${looks}>${escaped(words)}</text>`
}

function styleOf(cell, sheet) {
  const foreground = colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor(), sheet.foreground, sheet)
  const background = colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor(), sheet.background, sheet)
  const [ink, paper] = cell.isInverse() ? [background, foreground] : [foreground, background]
  return {
    colour: cell.isDim() ? mixed(ink, paper) : ink,
    background: paper,
    bold: cell.isBold() !== 0,
    underlined: cell.isUnderline() !== 0,
  }
}

const sameStyle = (a, b) =>
  a.colour === b.colour && a.background === b.background && a.bold === b.bold && a.underlined === b.underlined

function colourOf(isDefault, isRgb, value, fallback, { palette }) {
  if (isDefault) return fallback
  if (isRgb) return hex([value >> 16, (value >> 8) & 255, value & 255])
  if (value < 16) return palette[value]
  if (value >= 232) return hex(Array(3).fill(8 + 10 * (value - 232)))
  const steps = [Math.floor((value - 16) / 36), Math.floor((value - 16) / 6) % 6, (value - 16) % 6]
  return hex(steps.map(step => (step === 0 ? 0 : 55 + 40 * step)))
}

/** Dim text stands out from its background half as much. */
function mixed(ink, paper) {
  const parts = colour => [1, 3, 5].map(from => Number.parseInt(colour.slice(from, from + 2), 16))
  const [of, on] = [parts(ink), parts(paper)]
  return hex(of.map((part, i) => Math.round(part * 0.55 + on[i] * 0.45)))
}

const hex = parts => `#${parts.map(part => part.toString(16).padStart(2, "0")).join("")}`
const round = number => Number(number.toFixed(2))
const at = columns => round(columns * CELL.width)

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" }
const escaped = words => words.replace(/[&<>]/g, character => ENTITIES[character])
