import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { asDeckError } from "../../../domain/errors.ts"
import {
  formatThreshold,
  GATEWAY_FIELDS,
  type GatewayConfig,
  type GatewayInspection,
  gatewayUpdate,
  THRESHOLD_DELAY_S,
} from "../../../domain/gateway.ts"
import { listAudit } from "../../../services/audit-log.ts"
import { inspectGateway, repairGateway, setGateway, showGateway } from "../../../services/gateway/gateway.ts"
import { copyStep } from "../../../services/gateway/write-copy.ts"
import type { Outcome } from "../../../services/operation.ts"
import { fieldTarget } from "../../keys/text-field.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import { askScreen } from "../../kit/dialog/ask.tsx"
import {
  type Cells,
  type CellsAction,
  cellsReducer,
  initialCells,
  isOnly,
  stopsOf,
} from "../../kit/form/cells-state.ts"
import { changedFields, checkedPatch, filledIn, following } from "../../kit/form/draft-state.ts"
import { save } from "../../kit/form/saving.ts"
import { useScreenReducer, useScreenRef, useScreenState, useShell } from "../../kit/shell.ts"
import { readAgain } from "../../runtime/query.ts"
import { useStore } from "../../runtime/use-store.ts"
import { impactOf } from "./gateway-hits.ts"
import type { SavedThreshold } from "./gateway-rows.ts"
import { useSimulation } from "./use-simulation.ts"

/** Model of the gateway's settings. */
export type GatewayModel = ReturnType<typeof useGateway>

const REFRESH_MS = 15_000
/** While the copy cannot be read. */
const RETRY_MS = 2_000
const INSPECTION = ["gateway"]
/** Filter for the audit rows of the gateway's settings. */
const CHANGES = { action: "gateway.config_update" }
const NOTHING_UNREADABLE: readonly string[] = []
const NOTHING_SAVED: Partial<GatewayConfig> = {}
const THRESHOLD = "risk_reject_threshold"
/** The fields from top to bottom: what the threshold does is told below it. */
const FIELDS = [...GATEWAY_FIELDS.filter(field => field !== THRESHOLD), THRESHOLD]

/** `proposed` is the threshold (0 to 1) to begin with, instead of what stands in the database. */
export function useGateway(proposed?: number) {
  const shell = useShell()
  const queries = useQueryClient()
  const now = useStore(shell.clock.times)
  const query = useQuery({
    queryKey: INSPECTION,
    queryFn: ({ signal }) => shell.deck.run(inspectGateway, {}, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.copies.some(({ trouble }) => trouble !== null) ? RETRY_MS : REFRESH_MS,
  })
  const inspection = query.data
  const { data: lastChange = null } = useQuery({
    queryKey: [...INSPECTION, "last change"],
    queryFn: async ({ signal }) =>
      (await shell.deck.run(listAudit, { ...CHANGES, limit: 1 }, { signal })).data[0] ?? null,
    refetchInterval: REFRESH_MS,
  })
  const owed = useStore(shell.owed.states)
  // Another console may have written what was owed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another debt makes it read again
  useEffect(() => void queries.invalidateQueries({ queryKey: INSPECTION }), [owed])

  const { database = NOTHING_SAVED, garbled = NOTHING_UNREADABLE, copies = [] } = inspection ?? {}
  const follow = (kept: Cells) => following(kept, database, garbled)
  const [kept, dispatch] = useScreenReducer(
    "cells",
    (kept, action: CellsAction) => cellsReducer(follow(kept), action),
    // At the threshold, which is what is changed in a hurry.
    () => initialCells(gatewayUpdate, FIELDS, database, THRESHOLD),
  )
  const state = follow(kept)
  const [saved, setSaved] = useScreenState<SavedThreshold | undefined>("saved", () => undefined)
  const isToPropose = useScreenRef("to propose", () => proposed !== undefined)
  useEffect(() => {
    if (inspection === undefined || !isToPropose.current) return
    isToPropose.current = false
    dispatch({ type: "set", name: THRESHOLD, value: proposed })
  })
  const simulation = useSimulation(filledIn(state)[THRESHOLD] as string, inspection !== undefined)

  const saveAll = () => {
    const draft = cellsReducer(state, { type: "take" })
    dispatch({ type: "take" })
    const checked = checkedPatch(draft, GATEWAY_FIELDS)
    const saving = {
      change: setGateway,
      title: "the gateway's settings",
      target: "gateway",
      verb: "Save",
      impact: impactOf(simulation, Number("values" in checked ? checked.values[THRESHOLD] : Number.NaN), now),
      refusal: (_: string, mistake: string) => mistake,
      done: ({ steps }: Outcome<unknown>) => {
        const written = "values" in checked ? checked.values : {}
        // Until it is read back, so that nobody sees the old values once more.
        queries.setQueryData<GatewayInspection>(
          INSPECTION,
          old => old && { ...old, database: { ...old.database, ...written } },
        )
        dispatch({ type: "drop" })
        // Once it is in every copy, it is only a matter of time.
        const isDone = (step: string) => steps.some(({ what, owed }) => what === step && owed === undefined)
        const isCopied = copies.every(({ gateways }) => isDone(copyStep(gateways)))
        const isSaved = isCopied && "values" in checked && THRESHOLD in checked.values
        const inForceBy = Date.now() + THRESHOLD_DELAY_S * 1000
        setSaved(() => (isSaved ? { threshold: checked.values[THRESHOLD] as number, inForceBy } : undefined))
      },
    }
    save(saving, { shell, draft, dispatch }, checked)
  }
  const changed = changedFields(state)
  const ask = (title: string, go: string, run: () => void) => {
    const text = `Unsaved changes: ${changed.map(({ label }) => label).join(", ")}.`
    shell.push(askScreen, { title, text, stay: "Keep", go, run })
  }
  const isOwn = proposed === undefined || !isOnly(state, THRESHOLD, formatThreshold(proposed))
  return {
    command: { ...showGateway, given: {} },
    /** Undefined until it is read. */
    inspection,
    /** Time of the reading, ms since the epoch. */
    asOf: query.dataUpdatedAt,
    now,
    failure: query.failureReason ? asDeckError(query.failureReason) : undefined,
    state,
    saved,
    simulation,
    /** Newest audit row; null for none, or until it is read. */
    lastChange,
    isChanged: changed.length > 0,
    /** Leaving would lose what somebody proposed here. */
    isAtStake: changed.length > 0 && isOwn,
    /** The copies where saved values are not in force yet, as far as this console knows. */
    owed: copies.filter(({ gateways }) => owed.some(({ what, unseen }) => what === copyStep(gateways) && !unseen)),
    field: state.typing && fieldTarget(change => dispatch({ type: "edit", change })),
    page: stopsOf(state).length,
    move: (by: number) => dispatch({ type: "move", by }),
    dispatch,
    save: saveAll,
    /** Has the setting at the cursor follow the gateway's environment again. */
    inherit: () =>
      shell.push(changeDialog, { change: setGateway, input: { inherit: [state.form.focus] }, verb: "Remove" }),
    repair: () => shell.push(changeDialog, { change: repairGateway, input: {}, verb: "Repair" }),
    refresh: () => {
      readAgain(queries, { queryKey: INSPECTION })
      simulation.countAgain()
    },
    history: () => shell.open("auditOf", CHANGES),
    discard: () => ask("Discard changes?", "Discard", () => dispatch({ type: "drop" })),
    quit: () => ask("Leave opsdeck without saving?", "Leave", shell.quit),
  }
}
