import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import type { AuditEntry } from "../../../domain/audit-entry.ts"
import { asDeckError, type DeckError } from "../../../domain/errors.ts"
import {
  formatThreshold,
  GATEWAY_DEFAULTS,
  type GatewayConfig,
  type GatewayInspection,
  type GatewayPatch,
  gatewayUpdate,
  THRESHOLD_DELAY_S,
} from "../../../domain/gateway.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { labelOf } from "../../../domain/schema.ts"
import { listAudit } from "../../../services/audit-list.ts"
import { inspectGateway, repairGateway, setGateway, showGateway } from "../../../services/gateway/gateway.ts"
import { COPY_STEP } from "../../../services/gateway/gateway-state.ts"
import { simulateThreshold } from "../../../services/gateway/threshold.ts"
import type { Step } from "../../../services/operation.ts"
import { fieldTarget } from "../../keys/text-field.ts"
import { changeDialog } from "../../kit/change/change-dialog.tsx"
import { askScreen } from "../../kit/dialog/ask.tsx"
import { asText } from "../../kit/form/edit-state.ts"
import { takesBackTo } from "../../kit/form/refusal.ts"
import type { ScreenModel } from "../../kit/screen.ts"
import { useScreenReducer, useScreenRef, useShell } from "../../kit/shell.ts"
import { useDebounced } from "../../runtime/use-debounced.ts"
import { useStore } from "../../runtime/use-store.ts"
import type { Simulation } from "./gateway-hits.ts"
import {
  changedFields,
  cursorOf,
  firstMistake,
  type GatewayAction,
  type GatewayState,
  gatewayReducer,
  initialGateway,
  isOnlyThreshold,
  type Loaded,
  patchOf,
  proposalOf,
  type SavedThreshold,
  type Stop,
  seenIn,
  thresholdMistake,
} from "./gateway-state.ts"

export interface GatewayModel extends ScreenModel {
  /** Undefined before it was read. */
  readonly inspection: GatewayInspection | undefined
  /** When that was; ms since the epoch. */
  readonly asOf: number
  readonly now: number
  readonly failure: DeckError | undefined
  readonly loaded: Loaded
  readonly state: GatewayState
  readonly cursor: Stop
  readonly simulation: Simulation
  /** The newest audit row; null where there is none, or before it was read. */
  readonly lastChange: AuditEntry | null
  readonly isChanged: boolean
  /** Leaving would lose what somebody proposed here. */
  readonly isAtStake: boolean
  /** What is saved is not in force yet, as far as this console knows. */
  readonly isOwed: boolean
  dispatch(action: GatewayAction): void
  save(): void
  repair(): void
  refresh(): void
  history(): void
  discard(): void
  quit(): void
}

const REFRESH_MS = 15_000
/** While the copy cannot be read. */
const RETRY_MS = 2_000
const COUNT_AGAIN_MS = 60_000
const INSPECTION = ["gateway"]
/** The audit rows of the gateway's settings. */
const CHANGES = { action: "gateway.config_update" }
const NOTHING: Loaded = { database: GATEWAY_DEFAULTS, garbled: [] }

/** `proposed` is the threshold (0 to 1) to begin with, instead of what stands in the database. */
export function useGateway(proposed?: number): GatewayModel {
  const shell = useShell()
  const queries = useQueryClient()
  const now = useStore(shell.clock.times)
  const query = useQuery({
    queryKey: INSPECTION,
    queryFn: ({ signal }) => shell.deck.run(inspectGateway, {}, { signal }),
    refetchInterval: ({ state }) => (state.data?.trouble ? RETRY_MS : REFRESH_MS),
  })
  const inspection = query.data
  const { data: lastChange = null } = useQuery({
    queryKey: [...INSPECTION, "last change"],
    queryFn: async ({ signal }) =>
      (await shell.deck.run(listAudit, { ...CHANGES, limit: 1 }, { signal })).data[0] ?? null,
    refetchInterval: REFRESH_MS,
  })
  const owed = useStore(shell.owed.states)
  // What was owed may have been written, by R or by somebody else's console.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another debt makes it read again
  useEffect(() => void queries.invalidateQueries({ queryKey: INSPECTION }), [owed])
  const loaded = inspection ? { database: inspection.database, garbled: inspection.garbled.database } : NOTHING
  const reduce = gatewayReducer(loaded)
  const [state, dispatch] = useScreenReducer("gateway", reduce, () => initialGateway)
  const isToPropose = useScreenRef("to propose", () => proposed !== undefined)
  useEffect(() => {
    if (inspection === undefined || proposed === undefined || !isToPropose.current) return
    isToPropose.current = false
    dispatch({ type: "propose", threshold: proposed })
  })
  const { simulation, countAgain } = useSimulation(proposalOf(state, loaded).risk_reject_threshold, inspection)

  const takesBack = takesBackTo({
    shell,
    title: "the gateway's settings",
    target: "gateway",
    input: gatewayUpdate,
    fields: [],
    spell: value => (typeof value === "number" ? formatThreshold(value) : asText(value)),
    dispatch,
  })
  const save = () => {
    const proposed = reduce(state, { type: "take" })
    dispatch({ type: "take" })
    const wrong = firstMistake(proposed, loaded)
    if (wrong) {
      dispatch({ type: "go", to: wrong.at })
      return shell.say(show(wrong.mistake), "act")
    }
    const patch = patchOf(proposed, loaded)
    if (Object.keys(patch).length === 0) return shell.say(shown`nothing is changed`, "look")
    shell.push(changeDialog, {
      change: setGateway,
      input: { ...patch, reason: state.reason },
      verb: "Save",
      seen: seenIn(proposed, patch),
      done: ({ answer, steps }) => {
        // Until it is read back, so that nobody sees the old values once more.
        queries.setQueryData<GatewayInspection>(INSPECTION, old => old && { ...old, database: answer as GatewayConfig })
        dispatch({ type: "saved", threshold: savedThreshold(patch, steps) })
      },
      takesBack,
    })
  }
  const ask = (title: string, go: string, run: () => void) => {
    const labels = changedFields(state, loaded).map(field => labelOf(gatewayUpdate, field))
    shell.push(askScreen, { title, text: `What you changed is lost: ${labels.join(", ")}.`, stay: "Keep", go, run })
  }
  const isChanged = changedFields(state, loaded).length > 0
  return {
    command: { ...showGateway, given: {} },
    inspection,
    asOf: query.dataUpdatedAt,
    now,
    failure: query.failureReason ? asDeckError(query.failureReason) : undefined,
    loaded,
    state,
    cursor: cursorOf(state, loaded),
    simulation,
    lastChange,
    isChanged,
    isAtStake: isChanged && !(proposed !== undefined && isOnlyThreshold(state, proposed)),
    isOwed: owed.includes(COPY_STEP),
    field: state.typing && fieldTarget(change => dispatch({ type: "edit", change })),
    dispatch,
    save,
    repair: () => shell.push(changeDialog, { change: repairGateway, input: {}, verb: "Repair" }),
    refresh: () => {
      void queries.invalidateQueries({ queryKey: INSPECTION })
      countAgain()
    },
    history: () => shell.open("auditOf", CHANGES),
    discard: () => ask("Give up what you propose?", "Give up", () => dispatch({ type: "drop" })),
    quit: () => ask("Leave opsdeck without saving?", "Leave", shell.quit),
  }
}

/** Once it is in the gateway's copy, it is only a matter of time. */
function savedThreshold(patch: GatewayPatch, steps: readonly Step[]): SavedThreshold | undefined {
  const threshold = patch.risk_reject_threshold
  const isCopied = steps.some(({ what, owed }) => what === COPY_STEP && owed === undefined)
  if (threshold === undefined || !isCopied) return undefined
  return { threshold, inForceBy: Date.now() + THRESHOLD_DELAY_S * 1000 }
}

/**
 * Whom the threshold that is typed would have hit, asked once it stands still: by what the console's ring holds, and by
 * what the stream has beyond it. Each answer says which threshold it is about.
 */
function useSimulation(text: string, inspection: GatewayInspection | undefined) {
  const { deck, tail } = useShell()
  const proposed = thresholdMistake(text) === undefined ? Number(text) : undefined
  const threshold = useDebounced(proposed)
  const { data, failureReason, refetch } = useQuery({
    queryKey: ["simulate", threshold],
    queryFn: async ({ signal }) => {
      const asked = threshold as number
      const counted = await tail.count(asked)
      return { threshold: asked, hits: await deck.run(simulateThreshold, { threshold: asked, counted }, { signal }) }
    },
    refetchInterval: COUNT_AGAIN_MS,
    enabled: inspection !== undefined && threshold !== undefined && threshold > 0,
    placeholderData: keepPreviousData,
  })
  const failure = failureReason ? asDeckError(failureReason) : undefined
  return { simulation: { proposed, counted: data, failure }, countAgain: () => void refetch() }
}
