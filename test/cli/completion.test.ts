import { execFileSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { SHELLS, type Shell } from "../../src/cli/completion/shells.ts"
import { command } from "../support/command.ts"
import { temporaryDirectory } from "../support/program.ts"

/** What each shell is told to do with a line, to answer what it would offer, a word a line. */
const ASK: Readonly<Record<Shell, string>> = {
  bash: `source "$1"; COMP_WORDS=("\${@:2}"); COMP_CWORD=$(($# - 2)); _opsdeck; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: `
    compdef() { }; _message() { }; _files() { print -l -- *.pem }; compadd() { print -l -- "$@" }
    _describe() { local -a all=("\${(@P)@[-1]}"); print -l -- "\${(@)all%%:*}" }
    source "$1"; words=("\${@:2}"); CURRENT=$(($# - 1)); _opsdeck`,
  fish: `source $argv[1]; complete -C (string join ' ' -- $argv[2..]) | string replace -r '\\t.*' ''; true`,
}
const ARGUMENTS: Readonly<Record<Shell, readonly string[]>> = {
  bash: ["--norc", "-c", ASK.bash, "bash"],
  zsh: ["-f", "-c", ASK.zsh, "zsh"],
  fish: ["--no-config", "-c", ASK.fish],
}

const isThere = (shell: Shell) => {
  try {
    execFileSync(shell, ["-c", "exit 0"])
    return true
  } catch {
    return false
  }
}

describe.each(SHELLS)("completion in %s", shell => {
  // Every machine has bash; the others are asked where they are installed.
  describe.runIf(shell === "bash" || isThere(shell))("offers", () => {
    /** Answers what the shell offers for the last of the words of a line that it is given. */
    async function completion() {
      const { stdout } = await command(["completion", shell])
      const cwd = temporaryDirectory()
      writeFileSync(join(cwd, "completion"), stdout)
      writeFileSync(join(cwd, "ca.pem"), "")
      return (...line: string[]) => {
        const args = [...ARGUMENTS[shell], "completion", "opsdeck", ...line]
        const words = execFileSync(shell, args, { cwd, encoding: "utf8" }).split("\n")
        return words.filter(word => word !== "" && word.startsWith(line.at(-1) as string)).toSorted()
      }
    }

    test("commands, then what follows the first word", async () => {
      const offered = await completion()
      expect(offered("")).toEqual(expect.arrayContaining(["log", "users", "codes", "doctor", "completion", "demo"]))
      expect(offered("users", "")).toEqual(["delete", "end-access", "list", "show", "update"])
      expect(offered("--profile", "prod", "users", "l")).toEqual(["list"])
    })

    test("options of the command at hand, and what they can be", async () => {
      const offered = await completion()
      expect(offered("users", "list", "--st")).toEqual(["--status", "--stream"])
      expect(offered("log", "--fo")).toEqual(["--follow"])
      expect(offered("users", "list", "--status", "")).toEqual(["active", "deleted", "left-over", "suspended"])
      expect(offered("users", "list", "--q", "")).toEqual([])
      expect(offered("log", "--redis-ca", "ca")).toEqual(["ca.pem"])
      expect(offered("completion", "")).toEqual(["bash", "fish", "zsh"])
      expect(offered("demo", "--")).toEqual([
        "--gateways",
        "--help",
        "--rate",
        "--scenario",
        "--seed",
        "--servers-only",
      ])
      expect(offered("demo", "--scenario", "")).toEqual(["attack", "deploy"])
    })
  })
})

test("a shell that nobody has heard of is refused with those there are", async () => {
  const { status, stderr } = await command(["completion", "tcsh"])
  expect(status).toBe(2)
  expect(stderr).toBe("opsdeck: SHELL: must be one of bash, zsh, fish\n")
})
