import type { BranchNode } from "../../../domain/referral.ts"
import type { Binding } from "../../keys/binding.ts"
import { copyBinding } from "../../kit/export/copy.tsx"
import { defineScreen } from "../../kit/screen.ts"
import { TreeBody } from "../../kit/tree/tree-body.tsx"
import { branchBindings, treeBindings } from "../../kit/tree/tree-keys.ts"
import { NONE } from "../../widgets/cells.ts"
import { oneUser } from "../shared/one-user.ts"
import { otherPiece, treeColumns } from "./tree-columns.ts"
import { headingLines } from "./tree-heading.ts"
import { type TreeModel, useTree } from "./use-tree.ts"

const accountAt = ({ selected }: TreeModel): BranchNode | undefined =>
  selected?.content.kind === "account" ? selected.content.node : undefined
/** Tells whether Enter opens the user: the root is never closed, and a leaf has no branch. */
const leadsToUser = ({ selected }: TreeModel) =>
  selected?.content.kind === "account" && (selected.parent === undefined || selected.openness === "leaf")

function enterLabel(model: TreeModel): string | undefined {
  if (leadsToUser(model)) return "user"
  const content = model.selected?.content
  switch (content?.kind) {
    case "account":
      return model.selected?.openness === "open" ? "close" : "open"
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
    ...branchBindings,
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
    ...treeBindings,
  ],
  useModel: useTree,
  Body: ({ model, size: { columns } }) => (
    <TreeBody
      heading={headingLines(model, columns)}
      place={model.tree && model}
      table={treeColumns}
      other={(row, room) => (row.content.kind === "account" ? NONE : otherPiece(row, row.content, room))}
      columns={columns}
    />
  ),
})
