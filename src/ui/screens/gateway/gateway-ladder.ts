import { formatThreshold } from "../../../domain/gateway.ts"
import { type Shown, show, shown, width } from "../../../domain/safe-text.ts"
import type { ThresholdStep } from "../../../domain/threshold-ladder.ts"
import { grouped } from "../../widgets/format.ts"

/** Draws what other thresholds would have hit: `Or at 0.90: 31, none signed in · 0.75: 408, 28 signed in`. */
export function ladderText(threshold: number, steps: readonly ThresholdStep[], columns: number): Shown {
  const text = shown`Or at ${steps.map(stepText).reduce((all, one) => shown`${all} · ${one}`)}`
  if (steps.length === 1 || width(text) <= columns) return text
  const above = steps.filter(step => step.threshold > threshold).length
  return ladderText(threshold, 2 * above > steps.length ? steps.slice(1) : steps.slice(0, -1), columns)
}

function stepText({ threshold, rejected, signed_in }: ThresholdStep): Shown {
  const signedIn = signed_in === 0 ? shown`none` : grouped(signed_in)
  return shown`${show(formatThreshold(threshold))}: ${grouped(rejected)}, ${signedIn} signed in`
}
