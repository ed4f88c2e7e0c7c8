import { Box } from "ink"
import type { BranchNode } from "../../../domain/referral.ts"
import { shown } from "../../../domain/safe-text.ts"
import type { Binding } from "../../keys/binding.ts"
import { copyBinding } from "../../kit/export/copy.tsx"
import { EVERY_MOTION, moving } from "../../kit/moving.ts"
import { defineScreen } from "../../kit/screen.ts"
import { Line, Lines, piece } from "../../widgets/line.tsx"
import { layOut, MARK, TableHeader, TableRow } from "../../widgets/table.tsx"
import { oneUser } from "../shared/one-user.ts"
import { otherPiece, treeColumns } from "./tree-columns.ts"
import { headingLines } from "./tree-heading.ts"
import { type TreeModel, useTree } from "./use-tree.ts"

const accountAt = ({ selected }: TreeModel): BranchNode | undefined =>
  selected?.content.kind === "account" ? selected.content.node : undefined
/** Tells whether Enter opens the user: the root is never closed, and a leaf has no branch. */
const leadsToUser = ({ selected }: TreeModel) =>
  selected?.content.kind === "account" && (selected.parent === undefined || selected.content.openness === "leaf")

function enterLabel(model: TreeModel): string | undefined {
  if (leadsToUser(model)) return "user"
  const content = model.selected?.content
  switch (content?.kind) {
    case "account":
      return content.openness === "open" ? "close" : "open"
    case "more":
      return "read more"
    case "back":
      return "back to it"
    default:
      return undefined
  }
}

/** Makes a key that needs a selected account. */
const ofAccount = (
  binding: Omit<Binding<TreeModel>, "run" | "possible">,
  run: (account: BranchNode, model: TreeModel) => void,
): Binding<TreeModel> => ({
  ...binding,
  possible: model => accountAt(model) !== undefined || "this row is not an account",
  run: model => {
    const account = accountAt(model)
    if (account) run(account, model)
  },
})

const openUser = ({ user_id }: BranchNode, { shell }: TreeModel) => shell.open("user", { id: user_id })

/** Most columns of the table: in a wider one the numbers are too far from their names. */
const WIDEST = 132

/** Screen of a user's referral tree. */
export const referralTreeScreen = defineScreen({
  id: "referral-tree",
  title: "Referral tree",
  summary: "whom a user invited, and whom those invited; who invited them, and the ring where there is one",
  argument: oneUser("tree", user_id => ({ user_id })),
  bindings: [
    {
      keys: ["enter"],
      label: "open",
      now: enterLabel,
      footer: true,
      help: "open or close a branch; on the root and on leaves, open the user",
      possible: ({ selected }) => selected !== undefined,
      run: model => {
        const account = accountAt(model)
        if (account && leadsToUser(model)) openUser(account, model)
        else model.turn("turn")
      },
    },
    {
      keys: ["right", "l"],
      repeats: true,
      label: "into",
      help: "open a branch, then enter it",
      run: m => m.turn("in"),
    },
    {
      keys: ["left", "h"],
      repeats: true,
      label: "out of",
      help: "close a branch, then go to its parent",
      run: model => model.turn("out"),
    },
    {
      keys: ["i"],
      label: "inviter",
      footer: true,
      help: "the tree of the inviter of the account at the top",
      possible: ({ tree }) => {
        if (tree === undefined) return false
        if (tree.inviter_user_id === null) return "nobody invited the account at the top"
        return tree.inviter_user_id !== tree.root.user_id || "it invited itself"
      },
      run: ({ tree, shell }) => {
        if (tree?.inviter_user_id) shell.open("referralTree", { user_id: tree.inviter_user_id, at: tree.root.user_id })
      },
    },
    ofAccount(
      { keys: ["r"], label: "from here", footer: true, help: "the tree of the selected account" },
      ({ user_id }, { shell }) => shell.open("referralTree", { user_id }),
    ),
    ofAccount(
      { keys: ["u", "d"], label: "user", footer: true, help: "open the user of the selected account" },
      openUser,
    ),
    ofAccount(
      { keys: ["w"], label: "log", footer: true, help: "the live log of the selected account alone" },
      ({ user_id }, { shell }) => shell.open("logOf", { filter: `user:${user_id}` }),
    ),
    ofAccount(
      { keys: ["v"], label: "as a list", help: "whom the selected account invited, as a list" },
      ({ user_id }, { shell }) => shell.open("referralsOf", { inviter_user_id: user_id }),
    ),
    copyBinding("copy the selected account, or one of its fields"),
    ...moving<TreeModel>({
      ...EVERY_MOTION,
      top: { label: "first", help: "the root" },
      end: { label: "last", help: "the last row" },
    }),
    { keys: ["ctrl-r"], label: "refresh", footer: true, help: "reload the tree", run: model => model.refresh() },
  ],
  useModel: useTree,
  Body: ({ model, size: { columns } }) => {
    const { tree, rows, state, height } = model
    const layout = layOut(treeColumns, Math.min(columns, WIDEST))
    const [[, accountRoom] = [undefined, columns]] = layout.columns
    return (
      <Box flexDirection="column">
        <Lines lines={headingLines(model, columns)} columns={columns} />
        {tree && <TableHeader layout={layout} columns={columns} />}
        {rows.slice(state.top, state.top + height).map((row, index) => {
          const selected = state.top + index === state.cursor
          const { key, content } = row
          if (content.kind === "account") return <TableRow key={key} {...{ layout, row, columns, selected }} />
          const pieces = [piece(selected ? MARK : shown` `), otherPiece(row, content, accountRoom)]
          return <Line key={key} {...{ pieces, columns, selected }} />
        })}
      </Box>
    )
  },
})
