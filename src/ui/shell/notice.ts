import { show, shown } from "../../domain/safe-text.ts"
import { useShell } from "../kit/shell.ts"
import { type Health, inBrief, isDown } from "../runtime/health.ts"
import type { Pending } from "../runtime/owed.ts"
import { useStore } from "../runtime/use-store.ts"
import { causeText } from "../widgets/format.ts"
import { type Piece, piece } from "../widgets/line.tsx"

/** What is amiss, until it is mended; empty while all is well. */
export function useNotice(): Piece[] {
  const { health, owed } = useShell()
  return noticePieces(useStore(health.states), useStore(owed.states))
}

/** Draws `API Redis unreachable; 2 writes pending`, and why. */
function noticePieces(health: Health, owed: readonly Pending[]): Piece[] {
  const down = inBrief(health).filter(isDown)
  const unreachable = down.length === 0 ? [] : [`${down.map(({ name }) => name).join(" and ")} unreachable`]
  const amiss = [...unreachable, ...pendingText(owed)]
  if (amiss.length === 0) return []
  const reasons = health.flatMap(({ pulse }) => (pulse !== null && "trouble" in pulse ? [pulse.trouble] : []))
  const why = [...new Set(reasons)].map(text => piece(shown`${causeText(text)} `, "dim"))
  return [piece(shown` ▲ ${show(amiss.join("; "))}${why.length > 0 ? shown`:` : shown``} `, "act"), ...why]
}

function pendingText(owed: readonly Pending[]): string[] {
  const count = owed.filter(({ unseen }) => !unseen).length
  if (count > 0) return [`${count} ${count === 1 ? "write" : "writes"} pending`]
  return owed.length > 0 ? ["writes may be pending"] : []
}
