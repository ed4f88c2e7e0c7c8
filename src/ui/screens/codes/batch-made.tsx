import type { RedemptionBatchMade } from "../../../domain/redemption-batch.ts"
import { type RedemptionCode, redemptionCode } from "../../../domain/redemption-code.ts"
import { show, shown } from "../../../domain/safe-text.ts"
import { askScreen } from "../../kit/dialog/ask.tsx"
import { counted } from "../../kit/export/choices.ts"
import { copyChoice } from "../../kit/export/copy.tsx"
import { saveScreen } from "../../kit/export/save.tsx"
import { heldSource } from "../../kit/export/source.ts"
import { useIdle } from "../../kit/idle.ts"
import { defineScreen, type Size } from "../../kit/screen.ts"
import { Scrolled, scrollBindings, useScrolling } from "../../kit/scroll.tsx"
import { useScreenState, useShell } from "../../kit/shell.ts"
import { dateTimeInZone, grouped } from "../../widgets/format.ts"
import { type Piece, piece } from "../../widgets/line.tsx"
import { hanging } from "../../widgets/wrap.ts"

/** `copied` or `saved to …`; undefined while the codes are on this screen only. */
type Kept = string | undefined

/** Screen of new codes, to be saved or copied before it is left. */
export const batchMadeScreen = defineScreen({
  id: "batch-made",
  title: "Redemption codes created",
  summary: "the new codes, shown once",
  bindings: [
    {
      keys: ["ctrl-s"],
      label: "save",
      footer: "kept",
      help: "save the codes to a new file that nobody else can read",
      run: model => model.save(),
    },
    { keys: ["y"], label: "copy", footer: true, help: "copy the codes, one a line", run: model => model.copy() },
    {
      keys: ["v"],
      label: "show",
      footer: "kept",
      help: "show the codes again; they are hidden while the console is idle",
      possible: model => model.areHidden,
      run: model => model.reveal(),
    },
    {
      keys: ["esc", "q"],
      label: "leave",
      footer: "kept",
      help: "leave; asks while the codes are neither saved nor copied",
      run: model => model.leave(),
    },
    ...scrollBindings,
  ],
  useModel: (batch: RedemptionBatchMade, size: Size) => {
    const shell = useShell()
    const [kept, keep] = useScreenState<Kept>("kept", () => undefined)
    const [areHidden, reveal] = useIdle()
    const codes = batch.data.map(({ code }) => code)
    const head = headLines(batch, kept, size.columns - 2)
    const rows = size.rows - head.length
    const scrolling = useScrolling(codes.length, rows)
    const inSight = codes.slice(scrolling.top, scrolling.top + rows)
    const copy = () => {
      const what = counted(codes.length, CODES)
      if (copyChoice({ what, text: () => codes.map(code => `${code}\n`).join("") }, shell)) keep(() => "copied")
    }
    const save = () =>
      shell.push(saveScreen, {
        noun: CODES,
        path: `~/${fileName(batch.batch_id)}.txt`,
        columns: Object.keys(redemptionCode.shape),
        sources: [heldSource("codes", batch.data)],
        plain: { label: shown`text, a code a line`, line: ({ code }) => `${code}\n` },
        remains: shown`The codes are still on the screen below.`,
        saved: path => keep(() => `saved to ${path}`),
      })
    const ask = () =>
      shell.push(askScreen, {
        title: "Leave without keeping the codes?",
        text: "They have been neither saved nor copied. This screen is shown once; the codes stay in the list.",
        run: shell.back,
      })
    return {
      ...scrolling,
      lines: [...head, ...(areHidden ? [HIDDEN] : inSight.map(code => [piece(shown`   ${show(code)}`)]))],
      areHidden,
      reveal,
      asksToLeave: kept === undefined ? ask : undefined,
      save,
      copy,
      leave: kept === undefined ? ask : shell.back,
    }
  },
  Body: ({ model, size }) => <Scrolled lines={model.lines} top={0} size={size} />,
})

const HIDDEN: readonly Piece[] = [piece(shown`   Hidden while the console was idle: v shows them.`, "look")]

const CODES = ["code", "codes"] as const

/** Returns the name of a batch as a file name. */
const fileName = (batch: string) => `codes-${batch.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80)}`

/** Draws count, batch and kind of the codes, and whether they are kept. */
function headLines({ batch_id, data }: RedemptionBatchMade, kept: Kept, columns: number): Piece[][] {
  const { type, value, max_uses, expires_at } = data[0] as RedemptionCode
  const until = expires_at === null ? shown`no expiry` : shown`until ${dateTimeInZone(expires_at)}`
  const count = shown`${grouped(data.length)} ${data.length === 1 ? shown`code` : shown`codes`}`
  const uses = max_uses === 1 ? shown`one use each` : shown`${grouped(max_uses)} uses each`
  const remark = kept
    ? piece(show(kept), "good")
    : piece(shown`They are shown here once: save or copy them before you leave.`, "look")
  return [
    [piece(shown` ${count} made`, "strong"), piece(shown`   batch `, "dim"), piece(show(batch_id), "strong")],
    [piece(shown` ${show(type)} ${show(value)}, ${uses}, ${until}`, "dim")],
    ...hanging(piece(shown` `), remark[0], columns + 1, remark[1]),
    [],
  ]
}
