import type { Automation } from "./automation.ts"
import { isOn, refuseHidden } from "./pause-automation.ts"

/** Names that are listed. */
const NAMED = 4
const NAME_AT_MOST = 40

/**
 * Says which jobs, channels and heartbeats go on, or are paused; nothing where there is none. Throws DeckError
 * "unavailable" where they cannot be paused.
 */
export function automationEffects(automation: Automation, paused: boolean): string[] {
  if (paused) refuseHidden(automation)
  const { jobs, channels, heartbeats, hidden } = automation
  const unknown =
    hidden.length === 0
      ? []
      : [`whether jobs, channels and heartbeats go on is not known: no right to read ${hidden.join(", ")}`]
  if (!isOn(automation)) return unknown
  const [isPaused, arePaused, stops, stop] = paused
    ? ["is paused", "are paused", "heartbeat stops", "heartbeats stop"]
    : ["goes on", "go on", "heartbeat goes on", "heartbeats go on"]
  return [
    ...listed(
      jobs.map(({ name }) => name),
      `scheduled job ${isPaused}`,
      `scheduled jobs ${arePaused}`,
    ),
    ...listed(
      channels.map(({ channel_type }) => channel_type),
      `channel ${isPaused}`,
      `channels ${arePaused}`,
    ),
    ...(heartbeats === 0 ? [] : [`${heartbeats} ${heartbeats === 1 ? stops : stop}`]),
    ...(paused ? ["what is paused is resumed in the platform, which works out the next times"] : []),
    ...unknown,
  ]
}

/** The note at the option where it has no effect. */
export const automationNote = (automation: Automation): Readonly<Record<string, string>> =>
  isOn(automation) || automation.hidden.length > 0 ? {} : { pause_automation: "they have none" }

/** `2 scheduled jobs go on: Digest, Report`. */
function listed(names: readonly string[], one: string, many: string): string[] {
  if (names.length === 0) return []
  const first = names
    .slice(0, NAMED)
    .map(name => (name.length > NAME_AT_MOST ? `${name.slice(0, NAME_AT_MOST)}…` : name))
  const rest = names.length > NAMED ? [`${names.length - NAMED} more`] : []
  return [`${names.length} ${names.length === 1 ? one : many}: ${[...first, ...rest].join(", ")}`]
}
