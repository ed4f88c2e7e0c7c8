import { type GatewayInspection, gatewayUpdate, type InspectedCopy } from "../../../domain/gateway.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import type { Tone } from "../../widgets/theme.ts"
import { hanging } from "../../widgets/wrap.ts"

/** Tells in short whether the copies equal what is saved; `owed` are those that are known to lack what was saved. */
export function statePiece({ copies, sources }: GatewayInspection, owed: readonly InspectedCopy[]): Piece {
  const at = isNamed(owed) ? shown` at ${namesOf(owed)}` : shown``
  if (owed.length > 0) return piece(shown`   ▲ saved, not yet in force${at}: R retries`, "act")
  if (copies.some(({ repairable }) => repairable)) {
    const whose = copies.length === 1 ? shown`gateway's copy` : shown`gateways' copies`
    return piece(shown`   ▲ drift: F repairs the ${whose}`, "look")
  }
  const unknown = copies.filter(({ trouble }) => trouble !== null)
  if (unknown.length > 0) return piece(shown`   ▲ the gateway's copy${of(unknown)} is not known`, "act")
  const drifting = copies.filter(({ drift }) => drift.length > 0)
  if (Object.values(sources).includes("copy")) {
    return piece(shown`   ▲ the gateway's copy${of(drifting)} says what no row says`, "look")
  }
  if (drifting.length > 0) return piece(shown`   ▲ what the database says cannot be read`, "act")
  return piece(shown`   in sync${isNamed(copies) ? shown`: ${namesOf(copies)}` : shown``}`, "good")
}

const MOST_NAME = 16

/** A line of state for each gateway, those in sync on one, where they are listed and not all in sync; else what is amiss. */
export function copyLines({ copies }: GatewayInspection, columns: number): Piece[][] {
  const amiss = copies.filter(({ trouble, drift }) => trouble !== null || drift.length > 0)
  if (!isNamed(copies)) {
    return amiss.flatMap(({ trouble }) => (trouble === null ? [] : lineOf(shown``, show(trouble, 512), columns, "act")))
  }
  if (amiss.length === 0) return []
  const names = Math.min(MOST_NAME, Math.max(...amiss.map(copy => width(namesOf([copy])))))
  const inSync = copies.filter(copy => !amiss.includes(copy))
  return [
    ...amiss.flatMap(copy => {
      const name = shown`${fit(namesOf([copy]), names)}  `
      return copy.trouble === null
        ? lineOf(name, driftText(copy), columns, "look")
        : lineOf(name, show(copy.trouble, 512), columns, "act")
    }),
    ...(inSync.length === 0 ? [] : hanging(piece(shown`   `), shown`${namesOf(inSync)}  in sync`, columns, "good")),
  ]
}

const lineOf = (name: Shown, text: Shown, columns: number, tone: Tone) =>
  hanging(piece(shown` ▲ ${name}`, tone), text, columns, tone)

function driftText({ drift }: InspectedCopy): Shown {
  const labels = drift.map(field => labelOf(gatewayUpdate, field)).join(", ")
  return shown`drift in ${show(String(drift.length))} ${drift.length === 1 ? shown`field` : shown`fields`}: ${show(labels)}`
}

/** Names of the gateways that go by these copies. */
export const namesOf = (copies: readonly InspectedCopy[]): Shown =>
  show(copies.flatMap(({ gateways }) => gateways).join(", "), 256)

const isNamed = (copies: readonly InspectedCopy[]) => copies.some(({ gateways }) => gateways.length > 0)

const of = (copies: readonly InspectedCopy[]) => (isNamed(copies) ? shown` of ${namesOf(copies)}` : shown``)
