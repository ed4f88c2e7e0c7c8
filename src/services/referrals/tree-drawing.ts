import type { Account, TreeNode } from "../../domain/referral.ts"
import { treeLines } from "../../domain/tree-lines.ts"

/**
 * Draws the nodes of a tree, each directly above those it invited, as the account by login or name after its branch
 * lines: `│ ├ carol`; `rootInviter` closes a ring.
 */
export function drawTree<Node extends TreeNode>(
  nodes: readonly Node[],
  account: (id: string) => Account,
  rootInviter: string | undefined,
) {
  const [root] = nodes
  if (root === undefined) return []
  const called = ({ user_id }: TreeNode) => {
    const { login, username } = account(user_id)
    return login ?? username ?? user_id
  }
  const below = Map.groupBy(nodes, node => node.inviter_id)
  const drawn: { readonly node: Node; readonly text: string }[] = []
  const draw = (node: Node, lasts: readonly boolean[]) => {
    const ring = node.user_id === rootInviter ? `  ↺ back to ${called(root)}: a ring of ${node.depth + 1}` : ""
    drawn.push({ node, text: `${treeLines(lasts, LINES)}${called(node)}${ring}` })
    const children = below.get(node.user_id) ?? []
    for (const [index, child] of children.entries()) draw(child, [...lasts, index === children.length - 1])
  }
  draw(root, [])
  return drawn
}

/** Columns per level. */
const LINES = 2
