import { randomUUID } from "node:crypto"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { nameIn } from "../../src/adapters/postgres/generation.ts"
import { adjustCredits, showCredits, showCreditsOf } from "../../src/services/credits.ts"
import type { Deck } from "../../src/services/deck.ts"
import { operationsOn } from "../support/operators.ts"
import { addPerson, type Person } from "../support/people.ts"
import { asSuperuser, eachGeneration } from "../support/postgres.ts"

eachGeneration(database => {
  const operations = operationsOn(database)
  const sql = (query: string) => asSuperuser(query, database.url)
  const org = nameIn(database.generation, "org_id")
  let deck: Deck
  let alice: Person

  beforeEach(async () => {
    deck = await operations.deck()
    alice = await addPerson(database.postgres)
  })

  const adjust = (amount: number, note = "made good") =>
    deck.change(adjustCredits, { org_id: alice.orgId, amount, note, reason: "ticket 4711" })
  const give = (balance: number, { orgId } = alice) =>
    sql(`insert into credits (${org}, balance) values ('${orgId}', ${balance})`)
  const balance = async () => (await sql(`select balance from credits where ${org} = '${alice.orgId}'`))[0]?.balance
  const transactions = () =>
    sql(`select amount, type, reference_type, reference_id, note from credit_transactions
      where ${org} = '${alice.orgId}' order by created_at`)
  const audits = () =>
    sql(`select ${org} as org, target_type, target_id, metadata_json, before_state_json, after_state_json
      from audit_logs where action = 'credits.adjust' and target_id = '${alice.orgId}' order by ts`)

  test("an organization without a row has no credits, and adding makes the row", async () => {
    expect(await deck.run(showCredits, { org_id: alice.orgId })).toEqual({ balance: 0n, transactions: [] })
    expect(await adjust(500)).toMatchObject({ answer: { balance: 500n }, steps: [{ what: "balance now 500" }, {}] })
    expect(await adjust(20)).toMatchObject({ answer: { balance: 520n } })
    expect(await balance()).toBe("520")
  })

  test("an adjustment is a transaction and an audit row of the account, as the platform writes them", async () => {
    await give(1000)
    await adjust(-300, "  charged twice ")
    const row = { type: "admin_adjustment", reference_type: null, reference_id: null, note: "charged twice" }
    expect(await transactions()).toEqual([{ ...row, amount: "-300" }])
    const { type: transaction_type, note } = row
    expect(await audits()).toEqual([
      {
        org: alice.orgId,
        target_type: "account",
        target_id: alice.orgId,
        metadata_json: { amount: -300, note, transaction_type, reason: "ticket 4711" },
        before_state_json: { balance: 1000 },
        after_state_json: { balance: 700 },
      },
    ])
    expect(await deck.run(showCredits, { org_id: alice.orgId })).toMatchObject({
      balance: 700n,
      transactions: [{ ...row, amount: -300n }],
    })
  })

  test("more than there is cannot be taken away: the refusal says the balance, and nothing is written", async () => {
    await give(40)
    const refusal = { code: "conflict", field: "amount", message: "there are only 40 credits to take 41 from" }
    await expect(adjust(-41)).rejects.toMatchObject(refusal)
    const asked = { org_id: alice.orgId, amount: -41, note: "x" }
    await expect(deck.preview(adjustCredits, asked)).rejects.toMatchObject(refusal)
    expect([await balance(), await transactions(), await audits()]).toEqual(["40", [], []])
    expect(await adjust(-40)).toMatchObject({ answer: { balance: 0n } })
  })

  test("of adjustments at the same time none is lost, and none leaves it below 0; those made are audited", async () => {
    await give(100)
    const results = await Promise.allSettled([-70, -70, 5, -70, 5].map(amount => adjust(amount)))
    const taken = results.filter(({ status }, i) => status === "fulfilled" && i !== 2 && i !== 4)
    expect(taken).toHaveLength(1)
    for (const result of results) if (result.status === "rejected") expect(result.reason.code).toBe("conflict")
    expect(await balance()).toBe("40")
    expect((await transactions()).map(({ amount }) => amount).sort()).toEqual(["-70", "5", "5"])
    const steps = (await audits()).map(
      ({ before_state_json: before, after_state_json: after, metadata_json: said }) => ({
        by: (said as { amount: number }).amount,
        is: (after as { balance: number }).balance - (before as { balance: number }).balance,
      }),
    )
    expect(steps).toHaveLength(3)
    for (const { by, is } of steps) expect(is).toBe(by)
  })

  test("two who add to an organization without a row both add", async () => {
    await Promise.all([adjust(1), adjust(2)])
    expect(await balance()).toBe("3")
    expect(await audits()).toHaveLength(2)
  })

  test("the preview says the balance before and after, and asks", async () => {
    await give(100)
    const preview = (amount: number) => deck.preview(adjustCredits, { org_id: alice.orgId, amount, note: "x" })
    expect(await preview(50)).toMatchObject({
      title: "Add 50 credits",
      subject: [alice.login, alice.orgId],
      effects: ["the balance becomes 150; it is 100 now", "its members see the transaction and its note: x"],
      needsConfirmation: true,
    })
    expect((await preview(-50)).title).toBe("Remove 50 credits")
  })

  test.each([
    ["amount", { amount: 0 }],
    ["amount", { amount: "1.5" }],
    ["note", { note: "  " }],
    ["org_id", { org_id: "acme" }],
  ])("a mistake in %s is named", async (field, mistake) => {
    const asked = { org_id: alice.orgId, amount: 1, note: "x", ...mistake }
    await expect(deck.change(adjustCredits, asked as never)).rejects.toMatchObject({ code: "invalid", field })
  })

  test("an organization that does not exist is not found", async () => {
    const org_id = randomUUID()
    await expect(deck.run(showCredits, { org_id })).rejects.toMatchObject({ code: "not_found" })
    await expect(deck.change(adjustCredits, { org_id, amount: 1, note: "x" })).rejects.toMatchObject({
      code: "not_found",
    })
  })

  test("of several organizations the balances are told by name, and their newest transactions together", async () => {
    const bob = await addPerson(database.postgres)
    await give(7, bob)
    await sql(`insert into credit_transactions (${org}, amount, type, created_at)
      select id::uuid, amount, 'consumption', '2026-03-01'::timestamptz + amount * interval '1 hour'
      from (values ('${alice.orgId}', 1), ('${bob.orgId}', 2), ('${alice.orgId}', 3), ('${bob.orgId}', 4)) as t (id, amount)`)
    const { credits } = await deck.run(showCreditsOf, { org_ids: [alice.orgId, bob.orgId], limit: 3 })
    expect(new Map(credits?.balances.map(one => [one.org_name, one.balance]))).toEqual(
      new Map([
        [alice.login, 0n],
        [bob.login, 7n],
      ]),
    )
    expect(credits?.transactions.map(({ org_name, amount }) => [org_name, amount])).toEqual([
      [bob.login, 4n],
      [alice.login, 3n],
      [bob.login, 2n],
    ])
  })

  describe("where the platform has no such tables", () => {
    beforeEach(() => sql("alter table credits rename to credits_away"))
    afterEach(() => sql("alter table credits_away rename to credits"))

    test("that is said, and nothing is adjusted", async () => {
      const message = expect.stringMatching(/^credits are not kept by this platform/)
      await expect(deck.run(showCredits, { org_id: alice.orgId })).rejects.toMatchObject({ code: "not_found", message })
      await expect(adjust(1)).rejects.toMatchObject({ code: "conflict", message })
      expect(await deck.run(showCreditsOf, { org_ids: [alice.orgId], limit: 5 })).toEqual({ credits: null })
    })
  })
})
