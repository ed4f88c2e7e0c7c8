#!/usr/bin/env node
// No import and no recent syntax before the check: every Node since 10 has to come far enough to say that it is too old.
const MINIMUM = 22

function leave(message) {
  process.stderr.write(`opsdeck: ${message}\n`)
  process.exit(2)
}

if (Number.parseInt(process.versions.node, 10) < MINIMUM) {
  leave(`Node ${MINIMUM} or newer is needed, and this is ${process.versions.node}`)
}

// React reads it when it is first imported, and takes twice the time without it.
process.env.NODE_ENV = "production"

import("node:module")
  .then(({ enableCompileCache }) => {
    // Node 22.0 does not have it yet.
    if (enableCompileCache) enableCompileCache()
    return import("../dist/main.js")
  })
  .catch(error => {
    const missing = error.code === "ERR_MODULE_NOT_FOUND" && /dist[\\/]main\.js/.test(error.message)
    if (missing) leave("the program is not built yet; run: npm run build")
    throw error
  })
