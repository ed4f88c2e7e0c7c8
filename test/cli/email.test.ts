import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeEach, describe, expect, test } from "vitest"
import { settingCacheKey } from "../../src/adapters/redis/keys.ts"
import { createAuthority } from "../support/certificates.ts"
import { command } from "../support/command.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"
import { opsdeck, temporaryDirectory } from "../support/program.ts"
import { startMailServer, startPretender } from "../support/smtp.ts"
import { platformOn } from "./platform.ts"

const LOGIN = { user: "platform", pass: "correct horse" }
const ROWS = {
  from: "no-reply@golden.example",
  smtp_host: "127.0.0.1",
  smtp_port: "2525",
  smtp_user: LOGIN.user,
  smtp_pass: LOGIN.pass,
  smtp_tls_mode: "none",
}
const TO = "ops@golden.example"

/** Times are another in every run. */
const timeless = (text: string) => text.replace(/("duration_ms":|DURATION MS +)\d+/, "$17")

eachGeneration(database => {
  const platform = platformOn(database)
  const run = (argv: readonly string[], env = {}) => command(["email", ...argv], { ...platform.env, ...env })
  /** In a process of its own, for what is read from the process's environment: the API's variables, and Node's. */
  const runProcess = (argv: readonly string[], env = {}) => opsdeck(["email", ...argv], { ...platform.env, ...env })
  const sql = (query: string) => asSuperuser(query, database.url)

  async function setRows(rows: Partial<typeof ROWS>): Promise<void> {
    await sql("delete from platform_settings")
    for (const [field, value] of Object.entries({ ...ROWS, ...rows })) {
      await sql(`insert into platform_settings (key, value) values ('email.${field}', '${value}')`)
    }
  }
  const stored = async (field: string) =>
    (await sql(`select value from platform_settings where key = 'email.${field}'`))[0]?.value

  beforeEach(() => setRows({}))

  test.each(["status", "config"])("email %s is the document of the golden file, and a card for people", async verb => {
    const { status, stdout, stderr } = await run([verb, "--json"])
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
    await expect(stdout).toMatchFileSnapshot(`golden/email-${verb}.json`)
    await expect((await run([verb])).stdout).toMatchFileSnapshot(`golden/email-${verb}.txt`)
  })

  test("email status knows the environment that the API has", async () => {
    const { stdout } = await runProcess(["status", "--json"], { ARKLOOP_EMAIL_FROM: "env@golden.example" })
    expect(JSON.parse(stdout)).toEqual({ configured: true, from: "env@golden.example", source: "env" })
  })

  describe("email set", () => {
    test("prints nothing of an answer, and takes the password from the environment alone", async () => {
      await platform.api.set(settingCacheKey("email.smtp_pass"), "old")
      const set = ["set", "--from", "Ops <ops@golden.example>", "--smtp-tls-mode", "tls", "--yes"]
      const { status, stdout, stderr } = await run(set, { OPSDECK_SMTP_PASS: "new horse" })
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" })
      expect(stderr).toMatch(
        /^opsdeck: sender, password, encryption, API's cache \(Redis\), audit .*\nopsdeck: .*Ops <ops@golden.example> is refused; save the address alone: ops@golden.example\n$/,
      )
      expect([await stored("from"), await stored("smtp_pass")]).toEqual(["Ops <ops@golden.example>", "new horse"])
      expect(await platform.api.exists(settingCacheKey("email.smtp_pass"))).toBe(0)
      expect(await run([...set, "--smtp-pass", "x"])).toMatchObject({ status: 2, stdout: "" })
      expect(await run(set, { OPSDECK_SMTP_PASS: "" })).toEqual({
        status: 0,
        stdout: "",
        stderr: "opsdeck: nothing to change\n",
      })
    })

    test("forgets the password where that is said", async () => {
      expect(await run(["set", "--clear-smtp-pass", "--yes", "--json"])).toEqual({ status: 0, stdout: "", stderr: "" })
      expect(await stored("smtp_pass")).toBe("")
    })

    test("asks first", async () => {
      const { status, stdout, stderr } = await run(["set", "--smtp-port", "26"])
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" })
      expect(stderr).toMatch(/use --yes/)
      expect(await stored("smtp_port")).toBe("2525")
    })

    test.each([
      ["nothing named", [], {}, /nothing to change/],
      ["no port", ["--smtp-port", "0"], {}, /--smtp-port: must be a port/],
      ["an unknown mode", ["--smtp-tls-mode", "ssl"], {}, /--smtp-tls-mode: must be one of none, starttls, tls/],
      [
        "a password and none",
        ["--clear-smtp-pass"],
        { OPSDECK_SMTP_PASS: "x" },
        /--clear-smtp-pass: .* mutually exclusive/,
      ],
    ])("is status 2: %s", async (_, options, env, message) => {
      const refusal = await run(["set", ...options, "--yes"], env)
      expect(refusal).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) })
    })

    test("that Redis did not take is status 6, and is put right by repair", async () => {
      await platform.api.set(settingCacheKey("email.smtp_port"), '{"found":true,"value":"2525"}')
      const away = { REDIS_URL: "redis://127.0.0.1:1" }
      const { status, stderr } = await run(["set", "--smtp-port", "26", "--yes"], away)
      expect({ status, stderr }).toMatchObject({ status: 6, stderr: expect.stringMatching(/not in force yet/) })
      const repaired = await command(["repair"], platform.env)
      expect(repaired.stderr).toBe("opsdeck: API's cache of email.smtp_port (Redis)\n")
      expect(await platform.api.exists(settingCacheKey("email.smtp_port"))).toBe(0)
    })
  })

  describe("email test", () => {
    test("is the document of the golden file, and a card with its steps for people", async () => {
      const server = await startMailServer({ login: LOGIN })
      await setRows({ smtp_port: String(server.port) })
      const { status, stdout, stderr } = await run(["test", "--to", TO, "--json"])
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" })
      await expect(timeless(stdout)).toMatchFileSnapshot("golden/email-test.json")
      const people = await run(["test", "--to", TO])
      await expect(timeless(people.stdout)).toMatchFileSnapshot("golden/email-test.txt")
      expect(people.stderr).toMatch(
        /^opsdeck: resolve \d+ms, connect \d+ms, .* recipient \d+ms, message \d+ms, audit .*\n$/,
      )
      expect(server.mails.map(({ to }) => to)).toEqual([[TO], [TO]])
    })

    test("trusts the authorities of NODE_EXTRA_CA_CERTS, and no others", async () => {
      const authority = createAuthority()
      const server = await startMailServer({ tls: "tls", identity: authority.issue(["127.0.0.1"]), login: LOGIN })
      await setRows({ smtp_port: String(server.port), smtp_tls_mode: "tls" })
      const file = join(temporaryDirectory(), "ca.pem")
      writeFileSync(file, authority.cert)
      const { status, stdout } = await runProcess(["test", "--to", TO, "--json"], { NODE_EXTRA_CA_CERTS: file })
      expect({ status, tls: JSON.parse(stdout).tls }).toEqual({ status: 0, tls: true })
      const refused = await run(["test", "--to", TO, "--json"])
      expect(refused.status).toBe(6)
      expect(JSON.parse(refused.stdout)).toMatchObject({ accepted: [], tls: false })
      expect(JSON.parse(refused.stderr).error).toMatchObject({
        code: "unavailable",
        message: expect.stringMatching(/signed by an unknown authority: add it to NODE_EXTRA_CA_CERTS/),
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      })
    })

    test("that is refused prints what the server said, is status 6, and shows no password", async () => {
      const server = await startMailServer({ login: LOGIN, refuse: [550, "no such user"] })
      await setRows({ smtp_port: String(server.port) })
      const refused = await run(["test", "--to", TO, "--json"])
      expect(refused.status).toBe(6)
      expect(JSON.parse(refused.stdout)).toMatchObject({ accepted: [], rejected: [TO], response: "550 no such user" })
      const wrong = await runProcess(["test", "--to", TO], { ARKLOOP_SMTP_PASS: "wrong horse" })
      expect(wrong.status).toBe(6)
      expect(wrong.stderr).toMatch(/rejected this user and password\. Nothing was sent\. \(trace [0-9a-f]{32}\)\n$/)
      expect(JSON.stringify(wrong)).not.toContain("horse")
    })

    test("greets with the name that an option or a variable gives, and prints what the platform does otherwise", async () => {
      const { port, heard } = await startPretender({
        greeting: socket => void socket.write("220 hi\r\n"),
        answer: line => (line.startsWith("EHLO") ? "250-hi\r\n250 AUTH LOGIN\r\n" : "501 no\r\n"),
      })
      await setRows({ smtp_port: String(port) })
      const { stdout, status } = await run(["test", "--to", TO, "--json", "--ehlo-name", "mail.golden.example"])
      expect(status).toBe(6)
      expect(JSON.parse(stdout).findings).toEqual([
        {
          says: "the platform's mailer signs in with PLAIN alone; this server offers LOGIN",
          remedy: "allow PLAIN on the mail server, or send through another one",
        },
      ])
      const people = await run(["test", "--to", TO], { OPSDECK_EHLO_NAME: "[192.0.2.1]" })
      expect(people.stdout).toMatch(/FINDINGS:\nSAYS .*\nthe platform's mailer signs in with PLAIN alone/)
      expect(heard.filter(line => line.startsWith("EHLO"))).toEqual(["EHLO mail.golden.example", "EHLO [192.0.2.1]"])
      expect(await run(["test", "--to", TO, "--ehlo-name", "no host"])).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/--ehlo-name: expected a host's name/),
      })
    })

    test("needs one address to send to", async () => {
      expect(await run(["test"])).toMatchObject({ status: 2, stderr: expect.stringMatching(/--to is missing/) })
      const two = await run(["test", "--to", "a@b.c,d@e.f"])
      expect(two).toMatchObject({
        status: 2,
        stdout: "",
        stderr: expect.stringMatching(/--to: must be one plain address/),
      })
    })
  })
})
