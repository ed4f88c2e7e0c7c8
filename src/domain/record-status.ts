import { z } from "zod"

const recordState = z.object({
  /** Whether a recorder is at work. */
  recording: z.boolean(),
  since: z.string().nullable(),
  newest: z.string().nullable(),
  /** How far the history is behind the present, in seconds. */
  lag_s: z.number().nullable(),
  bytes: z.number(),
  entries: z.number(),
  gaps: z.number(),
  /** Entries that are in a gap of known size. */
  lost: z.number(),
  /** What keeps the recorder from recording. */
  trouble: z.string().nullable(),
})
/** State of the history of a gateway. */
export type RecordState = z.infer<typeof recordState>

const stateOfGateway = z.object({ gateway: z.string(), ...recordState.shape })
/** The same, with its name; empty where there is one that nobody named. */
export type GatewayRecordState = z.infer<typeof stateOfGateway>

/** State of a history (contract, section 10: `record status`): of all gateways, and of each where they have names. */
export const recordStatus = z.object({ ...recordState.shape, gateways: z.array(stateOfGateway).optional() })
export type RecordStatus = z.infer<typeof recordStatus>

/**
 * Returns the state of the history of some gateways. They are recorded where each is, since when all of them are, and as far behind as
 * the furthest.
 */
export function recordStatusOf(gateways: readonly GatewayRecordState[]): RecordStatus {
  const sum = (of: (state: RecordState) => number) => gateways.reduce((total, state) => total + of(state), 0)
  const known = (of: (state: RecordState) => string | null) => gateways.map(of).filter(time => time !== null)
  const sinces = known(({ since }) => since)
  const lags = gateways.map(({ lag_s }) => lag_s).filter(lag => lag !== null)
  const troubled = gateways.find(({ trouble }) => trouble !== null)
  return {
    recording: gateways.every(({ recording }) => recording),
    since: sinces.length < gateways.length ? null : (sinces.sort().at(-1) ?? null),
    newest:
      known(({ newest }) => newest)
        .sort()
        .at(-1) ?? null,
    lag_s: lags.length === 0 ? null : Math.max(...lags),
    bytes: sum(({ bytes }) => bytes),
    entries: sum(({ entries }) => entries),
    gaps: sum(({ gaps }) => gaps),
    lost: sum(({ lost }) => lost),
    trouble: troubled === undefined ? null : ofGateway(troubled),
    ...(gateways.some(({ gateway }) => gateway !== "") && { gateways: [...gateways] }),
  }
}

const ofGateway = ({ gateway, trouble }: GatewayRecordState) => (gateway === "" ? trouble : `${gateway}: ${trouble}`)

/** Names the gateways that nobody records, of some that have names: ` of eu, us`; empty where they have none. */
export const unrecorded = ({ gateways = [] }: Pick<RecordStatus, "gateways">): string => {
  const names = gateways.filter(({ recording }) => !recording).map(({ gateway }) => gateway)
  return names.length === 0 ? "" : ` of ${names.join(", ")}`
}

/** The recorder in a few figures, where there is a history. */
export interface RecorderPulse {
  /** Whether it is at work, and nothing keeps it from recording. */
  readonly recording: boolean
  /** How far the history is behind the present, in seconds: of several gateways that of the furthest behind. */
  readonly lag_s: number
  /** The gateways that were never recorded, while others were. */
  readonly never: readonly string[]
}

/** Returns the figures of `status`; undefined where there is no history yet. */
export function pulseOf({ recording, trouble, lag_s, gateways = [] }: RecordStatus): RecorderPulse | undefined {
  if (lag_s === null) return undefined
  const never = gateways.filter(gateway => gateway.lag_s === null).map(({ gateway }) => gateway)
  return { recording: recording && trouble === null, lag_s, never }
}

/** What is read is written every five seconds; where the history is further behind than this, something is wrong. */
const BEHIND_S = 30

/** Whether the history is not as it should be: nothing is recorded, or it is behind. */
export const isTroubled = ({ recording, lag_s }: RecorderPulse): boolean => !recording || lag_s > BEHIND_S
