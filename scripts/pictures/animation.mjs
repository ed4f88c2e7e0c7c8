// An animated SVG from frames, in which a row that stays, or only moves, stands once.
import { CELL, svgDocument } from "./svg.mjs"

/**
 * @typedef {{ rows: readonly string[], seconds: number }} Frame its rows as SVG, and for how long it is seen
 * @param {readonly Frame[]} frames
 * @param {{ columns: number, title: string, still: number }} options `still` is the number of the frame that is seen
 *   where nothing may move
 */
export function animation(frames, { columns, title, still }) {
  const ids = new Map()
  for (const row of frames.flatMap(({ rows }) => rows)) if (row !== "" && !ids.has(row)) ids.set(row, `r${ids.size}`)
  const whole = frames.reduce((sum, { seconds }) => sum + seconds, 0)
  const percent = seconds => `${Number(((seconds / whole) * 100).toFixed(3))}%`

  let from = 0
  const keyframes = frames.map(({ seconds }, at) => {
    const [begin, end] = [percent(from), percent(from + seconds)]
    from += seconds
    const before = at === 0 ? "" : "0%{visibility:hidden}"
    const after = at === frames.length - 1 ? "" : `${end}{visibility:hidden}`
    return `@keyframes f${at}{${before}${begin}{visibility:visible}${after}}`
  })
  const style = [
    `.f{visibility:hidden;animation:${Number(whole.toFixed(2))}s step-end infinite}.still{visibility:visible}`,
    ...keyframes,
    "@media (prefers-reduced-motion:reduce){.f{animation:none!important}}",
  ].join("\n")

  const definitions = [...ids].map(([row, id]) => `<g id="${id}">${row}</g>`).join("\n")
  const drawn = frames.map(({ rows }, at) => {
    const uses = rows.map((row, y) => (row === "" ? "" : `<use href="#${ids.get(row)}" y="${y * CELL.height}"/>`))
    return `<g class="f${at === still ? " still" : ""}" style="animation-name:f${at}">${uses.join("")}</g>`
  })
  const size = { columns, rows: Math.max(...frames.map(({ rows }) => rows.length)), title }
  return svgDocument(size, style, `<defs>\n${definitions}\n</defs>\n${drawn.join("\n")}`)
}
