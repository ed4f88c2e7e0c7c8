import { beforeEach, describe, expect, test, vi } from "vitest"
import { ChangeGuard } from "../../src/ui/runtime/change-guard.ts"
import { codesScreen } from "../../src/ui/screens/codes/codes-list.tsx"
import { destinations } from "../../src/ui/screens/index.ts"
import { referralsScreen } from "../../src/ui/screens/referrals/referrals-list.ts"
import { runsScreen } from "../../src/ui/screens/runs/runs-list.tsx"
import { openUsers, printed, user } from "../support/export-users.ts"
import { ALICE, answering, BOB, page, run, runs } from "../support/record-screens.ts"
import { openConsole, opening } from "../support/test-console.tsx"

const copied: string[] = []
beforeEach(() => {
  copied.length = 0
  vi.stubEnv("TERM", "xterm-256color")
  vi.stubEnv("TMUX", "")
  const write = process.stdout.write.bind(process.stdout)
  vi.spyOn(process.stdout, "write").mockImplementation(((text: string, ...rest: never[]) => {
    const [, base64] = /^\x1b\]52;c;(.*)\x07$/.exec(String(text)) ?? []
    if (base64 === undefined) return write(text, ...rest)
    copied.push(Buffer.from(base64, "base64").toString())
    return true
  }) as typeof process.stdout.write)
})

describe("y", () => {
  test("copies the selected row as the command prints it, and says that nobody knows whether it arrived", async () => {
    const { see, press } = openUsers(async () => page([user(1), user(2)]))
    await see("2 shown")
    press("y")
    await see("this user, as JSON", "id of 1", "2024-01-01T10:00:00Z")
    press("y")
    await see("this user, 189 bytes, sent to the clipboard: paste to check")
    expect(copied).toEqual([printed(1)])
  })

  test("copies one field, or those that are marked", async () => {
    const { see, press } = openUsers(async () => page([user(1), user(2), user(3)]))
    await see("3 shown")
    press("y", "j", "j", "enter")
    await see("login, 5 bytes, sent")
    press(" ", " ")
    await see("2 marked")
    press("y")
    await see("the 2 marked, as NDJSON")
    press("enter")
    await see("2 users, 378 bytes, sent")
    press("y", "j", "enter")
    await see("this user, 189 bytes, sent")
    press("y", "y")
    await see("2 users, 378 bytes, sent")
    expect(copied).toEqual(["user1", printed(1) + printed(2), printed(3), printed(1) + printed(2)])
  })

  test("copies as JSON what a terminal that it is pasted into could obey", async () => {
    const { see, press } = openUsers(async () => page([user(1, { username: "\x1b[201~\nrm" })]))
    await see("1 shown")
    press("y", "j", "j", "j", "enter")
    await see("username, 17 bytes")
    expect(copied).toEqual(['"\\u001b[201~\\nrm"'])
  })

  test("says where a terminal has no clipboard, and what is too much for any", async () => {
    vi.stubEnv("TERM", "linux")
    const { see, press } = openUsers(async () => page([user(1, { username: "x".repeat(100_000) })]))
    await see("1 shown")
    press("y", "y")
    await see("not copied: the Linux console has no clipboard to copy to: save instead")
    vi.stubEnv("TERM", "xterm")
    press("y", "y")
    await see("not copied: 100", "bytes exceed the terminal's limit of 74988: save instead")
    expect(copied).toEqual([])
  })

  test("of one thing copies it whole, with all the digits, or the line at the cursor", async () => {
    const opener = opening(shell => shell.open("run", { run_id: run().run_id }))
    const { see, press } = openConsole([opener], answering({ "runs show": run() }))
    press("o")
    await see("$ 0.00706103")
    press("y", "j", "enter")
    await see("this run, ")
    press("y", "y")
    await see("the selected line, 36 bytes")
    const [whole, line] = copied
    expect(whole).toContain('"total_input_tokens":9223372036854775807,')
    expect(whole).toContain('"total_cost_usd":0.00706103,')
    expect(whole).not.toContain("org_name")
    expect(line).toBe(ALICE)
  })

  test("names a pair as the command does", async () => {
    const account = (user_id: string, login: string) => ({ user_id, login, username: login, status: "active" })
    const referral = {
      ...{ id: "r1", inviter_user_id: ALICE, invitee_user_id: BOB, invite_code_id: "c1", credited: true },
      ...{ created_at: "2024-01-01T10:00:00Z", inviter_login: "alice", invitee_login: "bob" },
      ...{ code: "K7", ring: null, inviter_ring: null },
      ...{ inviter: account(ALICE, "alice"), invitee: account(BOB, "bob") },
    }
    const { see, press } = openConsole([referralsScreen], answering({ "referrals list": page([referral]) }))
    await see("1 shown")
    press("y", "y")
    await see("this referral, ")
    expect(copied).toEqual([
      `{"id":"r1","inviter_user_id":"${ALICE}","invitee_user_id":"${BOB}","invite_code_id":"c1","credited":true,"created_at":"2024-01-01T10:00:00Z","inviter_login":"alice","invitee_login":"bob"}\n`,
    ])
  })
})

describe("Y", () => {
  const guard = new ChangeGuard({ environment: "PROD-EU", profile: "prod-eu" } as never, async () => {})

  test("shows the command line that answers what is seen, and copies it", async () => {
    const deck = { run: async () => page(runs) }
    const { see, press } = openConsole([runsScreen], deck, undefined, { guard })
    await see("2 shown")
    press("v", "v", "Y")
    await see("opsdeck runs list --profile prod-eu status:completed")
    press("y")
    await see("the command line, 52 bytes, sent")
    expect(copied).toEqual(["opsdeck runs list --profile prod-eu status:completed"])
  })

  test("has the filter of any list in it", async () => {
    const { see, press } = openConsole([codesScreen], { run: async () => page([]) })
    await see("Nothing here yet.")
    press("v", "v")
    await see("Nothing matches")
    press("Y")
    await see(`opsdeck codes list 'state:"used up"'`)
  })

  test("of one thing says the command with its id; of what has no command it says so", async () => {
    const screens = opening(shell => shell.open("run", { run_id: run().run_id }))
    const { see, press } = openConsole([screens], answering({ "runs show": run() }))
    press("Y")
    await see("share: no command is equivalent to Opening")
    press("o")
    await see("$ 0.00706103")
    press("Y")
    await see(`opsdeck runs show ${run().run_id}`)
    expect(destinations.run.id).toBe("run")
  })
})
