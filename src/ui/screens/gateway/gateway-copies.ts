import { type GatewayInspection, gatewayUpdate, type InspectedCopy } from "../../../domain/gateway.ts"
import { fit, type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"

/**
 * Tells in short whether the copies equal what is saved, and by name which do, where gateways have names; `owed` are those that
 * are known to lack what was saved.
 */
export function statePieces(inspection: GatewayInspection, owed: readonly InspectedCopy[]): Piece[] {
  const amiss = amissAmong(inspection)
  const inSync = inspection.copies.filter(copy => !amiss.includes(copy))
  const names = isNamed(inSync) ? shown`: ${namesOf(inSync)}` : shown``
  const synced = inSync.length === 0 ? [] : [piece(shown`   in sync${names}`, "good")]
  const state = amissPiece(inspection, owed)
  // Of one without a name the one state is all there is to say.
  return state === undefined ? synced : [state, ...(isNamed(inSync) ? synced : [])]
}

function amissPiece(inspection: GatewayInspection, owed: readonly InspectedCopy[]): Piece | undefined {
  const { copies, sources } = inspection
  const at = isNamed(owed) ? shown` at ${namesOf(owed)}` : shown``
  if (owed.length > 0) return piece(shown`   ▲ saved, not yet in force${at}: R retries`, "act")
  if (copies.some(({ repairable }) => repairable)) {
    return piece(shown`   ▲ drift: F repairs the ${isNamed(copies) ? shown`copies` : shown`gateway's copy`}`, "look")
  }
  const unknown = copies.filter(({ trouble }) => trouble !== null)
  if (unknown.length > 0) return piece(shown`   ▲ ${copyOf(unknown)} is not known`, "act")
  const drifting = amissAmong(inspection)
  if (Object.values(sources).includes("copy")) {
    return piece(shown`   ▲ ${copyOf(drifting)} says what no row says`, "look")
  }
  return drifting.length === 0 ? undefined : piece(shown`   ▲ what the database says cannot be read`, "act")
}

const amissAmong = ({ copies }: GatewayInspection) =>
  copies.filter(({ trouble, drift }) => trouble !== null || drift.length > 0)

const MOST_NAME = 16

/** A line for each gateway that is not in sync, where gateways have names; else why the copy is not known. */
export function copyLines(inspection: GatewayInspection, columns: number): Piece[][] {
  const amiss = amissAmong(inspection)
  const names = Math.min(MOST_NAME, Math.max(...amiss.map(copy => width(namesOf([copy])))))
  return amiss.flatMap(copy => {
    const { gateways, trouble } = copy
    const [says, tone] = trouble === null ? [driftText(copy), "look" as const] : [show(trouble, 512), "act" as const]
    if (gateways.length === 0) return trouble === null ? [] : hanging(piece(shown` ▲ `, tone), says, columns, tone)
    return [[piece(fit(shown` ▲ ${fit(namesOf([copy]), names)}  ${says}`, columns), tone)]]
  })
}

function driftText({ drift }: InspectedCopy): Shown {
  const labels = drift.map(field => labelOf(gatewayUpdate, field)).join(", ")
  return shown`drift in ${show(String(drift.length))} ${drift.length === 1 ? shown`field` : shown`fields`}: ${show(labels)}`
}

/** Names of the gateways that go by these copies. */
export const namesOf = (copies: readonly InspectedCopy[]): Shown =>
  show(copies.flatMap(({ gateways }) => gateways).join(", "), 256)

/** Do the gateways have names? */
export const isNamed = (copies: readonly InspectedCopy[]) => copies.some(({ gateways }) => gateways.length > 0)

const copyOf = (copies: readonly InspectedCopy[]) =>
  isNamed(copies) ? shown`the copy of ${namesOf(copies)}` : shown`the gateway's copy`
