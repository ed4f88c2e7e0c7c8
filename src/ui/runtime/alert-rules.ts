import { parseAlertRule } from "../../domain/alerts/alert-rule.ts"
import { queueAlerts, recorderAlerts } from "../../domain/alerts/look-alerts.ts"
import { type Alert, type AlertState, isOn } from "../../domain/alerts/rule-watch.ts"
import { steadyNow } from "../../domain/steady-now.ts"
import { ValueStore } from "../../domain/store.ts"
import type { QueueWatch, RecorderWatch } from "./periodic-look.ts"
import type { TailClient } from "./tail-client.ts"

const NO_QUEUE = "no queue that can be read here"
const NO_HISTORY = "nothing was recorded here"

/** What is looked at beside the log. */
interface Looks {
  readonly queue: Pick<QueueWatch, "states">
  readonly recorder: Pick<RecorderWatch, "states">
}

/** A rule of the console's list. */
export interface ListedRule {
  /** Its text. */
  readonly rule: string
  /**
   * Whether it is from the profile: such a rule can be silenced, and is back at the next start. A typed rule lasts as
   * long as the console.
   */
  readonly isConfigured: boolean
  readonly isSilent: boolean
  /** State reported by the tail, or of the queue; undefined while silenced, and until it is first measured. */
  readonly state: AlertState | undefined
}

/**
 * Alert rules of the console, those of the profile first, with their states; a store that changes only when one of them
 * does.
 */
export class AlertRules {
  readonly states: ValueStore<readonly ListedRule[]>
  private readonly tail: Pick<TailClient, "snapshots" | "setAlerts">
  private readonly looks: Looks
  private readonly ofQueue = queueAlerts()
  private readonly ofRecorder = recorderAlerts()
  private readonly ring: () => void
  /** Active alerts, by rule, with their beginnings. */
  private on: ReadonlyMap<string, number> = new Map()

  /**
   * `configured` were checked, and the tail has them already; `ring` is called once for each alert whose rule has a
   * bell.
   */
  constructor(
    tail: Pick<TailClient, "snapshots" | "setAlerts">,
    looks: Looks,
    configured: readonly string[],
    ring: () => void,
  ) {
    const texts = new Set(configured.map(text => parseAlertRule(text).text))
    const rules = [...texts].map(rule => ({ rule, isConfigured: true, isSilent: false, state: undefined }))
    this.states = new ValueStore<readonly ListedRule[]>(rules)
    this.tail = tail
    this.looks = looks
    this.ring = ring
    this.setLookRules()
    tail.snapshots.subscribe(() => this.update())
    looks.queue.states.subscribe(() => this.look())
    looks.recorder.states.subscribe(() => this.look())
  }

  /** The stream's time, in which the alerts' times are; undefined before the first snapshot. */
  get now(): number | undefined {
    return this.tail.snapshots.snapshot?.now
  }

  /** Rules with an active alert, the first to begin first. */
  get alerts(): readonly Alert[] {
    return this.states.snapshot
      .map(({ state }) => state)
      .filter(isOn)
      .toSorted((a, b) => a.since - b.since)
  }

  /** Whether a rule that is not silenced has a bell: who asked for that hears the end of what they wait for, too. */
  get hasBell(): boolean {
    return this.states.snapshot.some(({ rule, isSilent }) => !isSilent && parseAlertRule(rule).bell)
  }

  /**
   * Adds a typed rule, or ends its silence; returns the rule's text. Throws DeckError `invalid` with the column of a
   * mistake.
   */
  add(text: string): string {
    const { text: rule } = parseAlertRule(text)
    const listed = this.states.snapshot
    const isKnown = listed.some(known => known.rule === rule)
    const added = { rule, isConfigured: false, isSilent: false, state: undefined }
    this.change(isKnown ? listed.map(known => (known.rule === rule ? unsilenced(known) : known)) : [...listed, added])
    return rule
  }

  /** Removes a typed rule; silences one of the profile, or ends its silence. */
  remove(rule: string): void {
    this.change(
      this.states.snapshot.flatMap(known => {
        if (known.rule !== rule) return [known]
        if (!known.isConfigured) return []
        return [known.isSilent ? unsilenced(known) : { ...known, isSilent: true, state: undefined }]
      }),
    )
  }

  private change(listed: readonly ListedRule[]): void {
    this.states.set(listed)
    this.tail.setAlerts(this.heard)
    this.setLookRules()
    this.look()
  }

  private get heard(): readonly string[] {
    return this.states.snapshot.filter(({ isSilent }) => !isSilent).map(({ rule }) => rule)
  }

  private setLookRules(): void {
    const rules = this.heard.map(parseAlertRule)
    this.ofQueue.setRules(rules)
    this.ofRecorder.setRules(rules)
  }

  /** Judges queue and recorder as they were looked at last, at the stream's time: that of all alerts. */
  private look(): void {
    const { queue, recorder } = this.looks
    const now = this.now ?? steadyNow()
    if (queue.states.snapshot) this.ofQueue.look(queue.states.snapshot, now)
    if (recorder.states.snapshot) this.ofRecorder.look(recorder.states.snapshot, now)
    this.update()
  }

  /** The rules of queue and recorder that were judged; while these cannot be looked at, as they were. */
  private get lookStates(): readonly AlertState[] {
    const { queue, recorder } = this.looks
    const judged = (states: readonly AlertState[], missing: string | undefined) =>
      states.flatMap(state => {
        if (missing !== undefined) return [{ ...state, figure: missing }]
        return state.figure === null ? [] : [state]
      })
    return [
      ...judged(this.ofQueue.states, queue.states.snapshot === null ? NO_QUEUE : undefined),
      ...judged(this.ofRecorder.states, recorder.states.snapshot === null ? NO_HISTORY : undefined),
    ]
  }

  private update(): void {
    const ofLog = this.tail.snapshots.snapshot?.alerts ?? []
    const told = new Map([...ofLog, ...this.lookStates].map(state => [state.rule, state]))
    const listed = this.states.snapshot.map(known => {
      const state = known.isSilent ? undefined : told.get(known.rule)
      return isSame(state, known.state) ? known : { ...known, state }
    })
    if (listed.some((rule, at) => rule !== this.states.snapshot[at])) this.states.set(listed)
    const on = new Map(this.alerts.map(({ rule, since }) => [rule, since]))
    const begun = this.alerts.filter(({ rule, since, bell }) => bell && this.on.get(rule) !== since)
    this.on = on
    if (begun.length > 0) this.ring()
  }
}

const unsilenced = (rule: ListedRule): ListedRule => ({ ...rule, isSilent: false })

const isSame = (a: AlertState | undefined, b: AlertState | undefined) =>
  a?.since === b?.since && a?.figure === b?.figure && a?.of === b?.of
