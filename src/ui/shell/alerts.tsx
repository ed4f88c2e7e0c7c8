import { useEffect, useState } from "react"
import { METRICS, parseAlertRule } from "../../domain/alerts/alert-rule.ts"
import { LEAST_REQUESTS, MEASURED_S } from "../../domain/alerts/measure.ts"
import { alertFigure, isOn } from "../../domain/alerts/rule-watch.ts"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { QUEUE_EVERY_MS } from "../../domain/queue.ts"
import { fit, type Shown, show, shown, width } from "../../domain/safe-text.ts"
import type { FieldText } from "../keys/text-field.ts"
import { closing, defineDialog } from "../kit/dialog/define-dialog.tsx"
import { moving, useChoosing } from "../kit/moving.ts"
import { recallBindings, useRememberedField } from "../kit/remembered-field.ts"
import { useShell } from "../kit/shell.ts"
import type { ListedRule } from "../runtime/alert-rules.ts"
import { useStore } from "../runtime/use-store.ts"
import { changesOfAlert } from "../screens/shared/changed-since.ts"
import { incidentText } from "../screens/shared/incident-text.tsx"
import { age, timeOfDay } from "../widgets/format.ts"
import { blank, cutPieces, type Piece, piece, piecesWidth, spread } from "../widgets/line.tsx"
import { inSight } from "../widgets/list.ts"
import { MARK } from "../widgets/table.tsx"
import { columnOf, fieldPieces } from "../widgets/text-field-view.ts"
import type { Tone } from "../widgets/theme.ts"
import { hanging, paragraph } from "../widgets/wrap.ts"
import { useFigureNames } from "./figure-names.ts"

const isTyping = ({ typed }: AlertsModel) => typed !== undefined
const onRule = ({ rules }: AlertsModel) => rules.length > 0

/** Dialog with the alert rules and their states; `rule` is one to add. */
export const alertsScreen = defineDialog({
  id: "alerts",
  title: "Alerts",
  summary: "alert rules and their states",
  columns: 96,
  typedAhead: true,
  margin: 2,
  argument: {
    behind: "alert",
    expects: "a rule, such as error% > 5 for 30s",
    choices: [],
    read: text => ({ rule: parseAlertRule(text).text }),
  },
  bindings: [
    {
      keys: ["enter"],
      label: "add",
      help: "while typing a rule: add it",
      footer: true,
      inField: true,
      possible: isTyping,
      run: model => model.add(),
    },
    ...recallBindings,
    closing(),
    {
      keys: ["a"],
      label: "add",
      footer: true,
      help: "type another rule",
      opensField: true,
      run: model => model.type(),
    },
    {
      keys: ["delete", "backspace"],
      label: "remove",
      now: ({ rules, at }) => (rules[at]?.isSilent ? "unsilence" : rules[at]?.isConfigured ? "silence" : undefined),
      footer: true,
      help: "remove the rule; a rule of the profile is silenced until opsdeck exits, or unsilenced",
      possible: onRule,
      run: model => model.remove(),
    },
    {
      keys: ["b"],
      label: "what changed",
      footer: true,
      help: "what changed as the selected alert began, against the time before; Enter there opens the log at the first of the requests",
      possible: model => {
        if (!onRule(model) || isTyping(model)) return false
        if (!isOn(model.rules[model.at]?.state)) return "this alert is quiet"
        return model.changes() !== undefined || "it is not about the log"
      },
      run: model => model.openChanges(),
    },
    {
      keys: ["W"],
      label: "incident",
      footer: true,
      help: "begin an incident with the selected alert as its text",
      possible: model => {
        if (model.incident) return "an incident is open: it has the alerts"
        return onRule(model) && !isTyping(model)
      },
      run: model => model.toIncident(),
    },
    ...moving<AlertsModel>({
      down: { footer: true, possible: onRule },
      up: { footer: true, possible: onRule },
    }),
    { keys: ["q"], label: "close", run: model => model.close() },
  ],
  useModel: useAlerts,
  lines: (model, { columns, rows }) => alertLines(model, columns, rows),
})

/** Model of the alert rules. */
type AlertsModel = ReturnType<typeof useAlerts>

function useAlerts({ rule }: { readonly rule?: string }) {
  const { alerts, names, clock, incidents, back, instead, open } = useShell()
  const rules = useStore(alerts.states)
  const incident = useStore(incidents.states)
  const byId = useFigureNames(
    names,
    rules.map(({ state }) => state),
  )
  const now = useStore(clock.times)
  const choosing = useChoosing(rules.length)
  const [mistake, setMistake] = useState<DeckError>()
  const typed = useRememberedField("alert", rules.length === 0 && rule === undefined ? "" : undefined, () =>
    setMistake(undefined),
  )
  const add = (text: string) => {
    const added = alerts.add(text)
    choosing.choose(alerts.states.snapshot.findIndex(({ rule }) => rule === added))
    typed.close()
  }
  const changes = () => {
    const state = rules[choosing.at]?.state
    return isOn(state) ? changesOfAlert(state, alerts.now ?? now) : undefined
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the screen was opened with is added once
  useEffect(() => {
    if (rule !== undefined) add(rule)
  }, [])
  return {
    ...choosing,
    /** The one that is open. */
    incident,
    rules,
    /** Names of users by id. */
    names: byId,
    /** Rule that is being typed. */
    typed: typed.typing?.text,
    typing: typed.typing,
    recall: typed.recall,
    field: typed.field,
    mistake,
    now: alerts.now ?? now,
    type: () => typed.open(),
    add: () => {
      try {
        add(typed.text ?? "")
      } catch (error) {
        setMistake(asDeckError(error))
      }
    },
    remove: () => alerts.remove((rules[choosing.at] as ListedRule).rule),
    changes,
    openChanges: () => {
      const params = changes()
      if (params !== undefined) open("changes", params)
    },
    toIncident: () => {
      const { rule, state } = rules[choosing.at] as ListedRule
      instead(incidentText, { kind: "start", text: isOn(state) ? `${rule}: ${alertFigure(state, byId)}` : rule })
    },
    close: () => {
      setMistake(undefined)
      typed.close()
      if (typed.typing === undefined || rules.length === 0) back()
    },
  }
}

/** Text before the field. */
const HEAD = shown`+ `
const NO_RULES = shown`No alert rules yet: type one and press Enter. It lasts until the console ends; rules to keep go into the settings, as "alerts".`
const ABOUT = shown`Measured over the last ${MEASURED_S} s of all requests, whatever the filter; shares and p95 of ${LEAST_REQUESTS} requests at least. The queue and the recorder are looked at every ${QUEUE_EVERY_MS / 1000} s.`

/** Draws the rules and, below them, the one that is typed. */
function alertLines(list: AlertsModel, columns: number, rows: number): Piece[][] {
  const { rules, at, typed, mistake } = list
  const below = typed === undefined ? [] : typingLines(typed, mistake, columns)
  const room = Math.max(1, rows - below.length)
  const listed = inSight(rules, at, room).map(([rule, isAt]) =>
    ruleLine(rule, isAt && typed === undefined, list, columns),
  )
  if (rules.length === 0) return [...paragraph(NO_RULES, columns), [], ...below]
  return [...listed, ...(listed.length > 0 && below.length > 0 ? [[]] : []), ...below]
}

function ruleLine(
  listed: ListedRule,
  isSelected: boolean,
  { rules, names, now }: AlertsModel,
  columns: number,
): Piece[] {
  const { rule, isConfigured, state } = listed
  const longest = Math.max(...rules.map(({ rule }) => width(show(rule))))
  const origin = rules.some(({ isConfigured }) => isConfigured)
    ? [piece(isConfigured ? shown`  profile` : shown`  typed  `, "dim")]
    : []
  const right = [stateOf(listed, now), ...origin]
  const left = [
    piece(isSelected ? shown`${MARK} ` : shown`  `, "key"),
    piece(fit(show(rule), longest), isOn(state) ? "act" : isSelected ? "strong" : "plain"),
    piece(shown`  ${state === undefined ? shown`` : show(alertFigure(state, names))}`, isOn(state) ? "strong" : "dim"),
  ]
  return spread(cutPieces(left, columns - piecesWidth(right) - 1), right, columns)
}

function stateOf({ isSilent, state }: ListedRule, now: number): Piece {
  if (isSilent) return piece(shown`silenced`, "look")
  if (state === undefined) return piece(shown`…`, "dim")
  if (!isOn(state)) return piece(shown`quiet`, "good")
  return piece(shown`▲ since ${timeOfDay(state.since)}, ${age(now - state.since)}`, "act")
}

function typingLines(typed: FieldText, mistake: DeckError | undefined, columns: number): Piece[][] {
  const room = columns - width(HEAD)
  const field = [piece(HEAD, "key"), ...fieldPieces(typed, room, { focused: true })]
  const indented = (text: Shown, tone: Tone) => hanging(piece(blank(width(HEAD))), text, columns, tone)
  if (mistake) {
    const { message, column } = mistake
    const mark = column === undefined ? [] : [[piece(shown`  ${blank(columnOf(typed, column, room))}^`, "act")]]
    return [field, ...mark, ...indented(show(message), "act")]
  }
  const examples = Object.values(METRICS).map(({ example }) => example)
  const such = show(`such as ${[...examples, "rate(ip) > 50/s bell", "error%(route) > 20"].join(", ")}`)
  return [field, ...indented(ABOUT, "dim"), ...indented(such, "dim")]
}
