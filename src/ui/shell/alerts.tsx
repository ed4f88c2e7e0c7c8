import { useEffect, useState } from "react"
import { parseAlertRule } from "../../domain/alerts/alert-rule.ts"
import { asDeckError, type DeckError } from "../../domain/errors.ts"
import { fieldTarget, fieldText, textOf } from "../keys/text-field.ts"
import { closing, defineDialog } from "../kit/dialog/define-dialog.tsx"
import { type Choosing, moving, useChoosing } from "../kit/moving.ts"
import { useShell } from "../kit/shell.ts"
import type { ListedRule } from "../runtime/alert-rules.ts"
import { useStore } from "../runtime/use-store.ts"
import { type AlertList, alertLines } from "./alert-lines.ts"
import { useFigureNames } from "./figure-names.ts"

const isTyping = ({ typed }: AlertList) => typed !== undefined
const onRule = ({ rules }: AlertList) => rules.length > 0

/** Dialog with the alert rules and their states; `rule` is one to add. */
export const alertsScreen = defineDialog({
  id: "alerts",
  title: "Alerts",
  summary: "alert rules and their states",
  columns: 96,
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
      help: "while a rule is typed: add it",
      footer: true,
      inField: true,
      possible: isTyping,
      run: model => model.add(),
    },
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
      now: ({ rules, at }) => (rules[at]?.isSilent ? "hear again" : rules[at]?.isConfigured ? "silence" : undefined),
      footer: true,
      help: "remove the rule; a rule of the profile is silenced until opsdeck exits, or unsilenced",
      possible: onRule,
      run: model => model.remove(),
    },
    ...moving<Choosing & AlertList>({
      down: { footer: true, possible: onRule },
      up: { footer: true, possible: onRule },
    }),
    { keys: ["q"], label: "close", run: model => model.close() },
  ],
  useModel: ({ rule }: { readonly rule?: string }) => {
    const { alerts, names, clock, back } = useShell()
    const rules = useStore(alerts.states)
    const byId = useFigureNames(
      names,
      rules.map(({ state }) => state),
    )
    const now = useStore(clock.times)
    const choosing = useChoosing(rules.length)
    const [typed, setTyped] = useState(() => (rules.length === 0 && rule === undefined ? fieldText("") : undefined))
    const [mistake, setMistake] = useState<DeckError>()
    const add = (text: string) => {
      const added = alerts.add(text)
      choosing.choose(alerts.states.snapshot.findIndex(({ rule }) => rule === added))
      setTyped(undefined)
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: what the screen was opened with is added once
    useEffect(() => {
      if (rule !== undefined) add(rule)
    }, [])
    return {
      ...choosing,
      rules,
      names: byId,
      typed,
      mistake,
      now: alerts.now ?? now,
      field:
        typed &&
        fieldTarget(change => {
          setMistake(undefined)
          setTyped(text => text && change(text))
        }),
      type: () => setTyped(fieldText("")),
      add: () => {
        try {
          add(typed ? textOf(typed) : "")
        } catch (error) {
          setMistake(asDeckError(error))
        }
      },
      remove: () => alerts.remove((rules[choosing.at] as ListedRule).rule),
      close: () => {
        setMistake(undefined)
        if (typed === undefined || rules.length === 0) back()
        else setTyped(undefined)
      },
    }
  },
  lines: (model, { columns, rows }) => alertLines(model, columns, rows),
})
