import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import type { z } from "zod"
import type { logQuery } from "../../src/domain/access-log-query.ts"
import { readLog } from "../../src/services/access-log.ts"
import { resolveUsers } from "../../src/services/users/user-names.ts"
import { FIRST_MS, Gateway, idOf, newStream } from "../support/access-log.ts"
import { addPerson, type Person } from "../support/people.ts"
import { eachGeneration } from "../support/postgres.ts"

const gateway = Gateway.forTests()

eachGeneration(database => {
  describe("a filter", () => {
    const stream = newStream()
    let alice: Person
    const read = (input: z.input<typeof logQuery> = {}) => gateway.deck(stream, database.postgres).run(readLog, input)
    beforeAll(async () => {
      alice = await addPerson(database.postgres, { username: "alice", email: "Alice@Example.com" })
      await gateway.add(stream, [
        { method: "GET", path: "/v1/threads", client_ip: "10.1.2.3", country: "CN", risk_score: "85", ua_type: "bot" },
        {
          method: "POST",
          path: "/v1/runs",
          client_ip: "2001:db8::1",
          country: "DE",
          risk_score: "20",
          ua_type: "human",
        },
        { method: "POST", path: "/healthz", client_ip: "::ffff:10.9.9.9", user_id: alice.id, status: "503" },
      ])
    })
    const pathsFor = async (input: z.input<typeof logQuery>) => (await read(input)).data.map(entry => entry.path)

    test.each([
      [{ method: "post" }, ["/healthz", "/v1/runs"]],
      [{ path: "/v1" }, ["/v1/runs", "/v1/threads"]],
      [{ ip: "10.0.0.0/8" }, ["/healthz", "/v1/threads"]],
      [{ ip: "2001:db8::1" }, ["/v1/runs"]],
      [{ country: "cn" }, ["/v1/threads"]],
      [{ risk_min: 0.2 }, ["/v1/runs", "/v1/threads"]],
      [{ risk_min: 0.21 }, ["/v1/threads"]],
      [{ ua_type: "BOT" }, ["/v1/threads"]],
      [{ filter: "status:5xx" }, ["/healthz"]],
      [{ filter: "-path:/v1 method:POST,GET" }, ["/healthz"]],
      [{ method: "POST", filter: "path:/v1" }, ["/v1/runs"]],
      [{ since: idOf(1) }, ["/healthz", "/v1/runs"]],
      [{ since: "2023-11-14T22:13:20.001Z" }, ["/healthz", "/v1/runs"]],
      [{ since: "2023-11-15T00:13:20.002+02:00" }, ["/healthz"]],
      [{ before: idOf(2) }, ["/v1/runs", "/v1/threads"]],
      [{ before: `${FIRST_MS + 2}` }, ["/v1/runs", "/v1/threads"]],
      [{ before: idOf(2), since: idOf(1) }, ["/v1/runs"]],
      [{ before: idOf(0), since: idOf(1) }, []],
      [{ before: "0-0" }, []],
    ])("%j", async (input, paths) => expect(await pathsFor(input)).toEqual(paths))

    test("knows users by id, login, user name and e-mail address", async () => {
      for (const user of [alice.id, alice.id.toUpperCase(), alice.login, "ALICE", "alice@example.com"]) {
        expect(await pathsFor({ filter: `user:${user}` }), user).toEqual(["/healthz"])
      }
      expect(await pathsFor({ filter: `-user:alice` })).toEqual(["/v1/runs", "/v1/threads"])
      expect(await pathsFor({ filter: `user:${randomUUID()}` })).toEqual([])
    })

    test("knows user names in any case of any alphabet, every character meaning itself", async () => {
      const { postgres } = database
      const { id } = await addPerson(postgres, { username: "Jürgen Weiß_%\\" })
      const grus = await addPerson(postgres, { username: "Gruß" })
      for (const username of ["Jürgen Weiß12\\", "Gruss"]) await addPerson(postgres, { username })
      const terms = ["JÜRGEN WEIß_%\\", "jürgen weiß_%\\"]
      const found = await resolveUsers({ postgres, signal: new AbortController().signal }, [...terms, "gruß"])
      expect([...found]).toEqual([...terms.map(term => [term, [id]]), ["gruß", [grus.id]]])
    })

    test.each([
      [{ filter: "user:nobody" }, { code: "not_found", field: "filter", message: expect.stringContaining('"nobody"') }],
      [{ filter: "methd:GET" }, { code: "invalid", field: "filter", column: 0 }],
      [{ ip: "10.0.0" }, { code: "invalid", field: "ip" }],
      [{ risk_min: 8 }, { code: "invalid", field: "risk_min" }],
      [{ limit: 201 }, { code: "invalid", field: "limit" }],
      [{ limit: 0 }, { code: "invalid", field: "limit" }],
      [{ before: "yesterday" }, { code: "invalid", field: "before" }],
      [{ before: "99999999999999999999-0" }, { code: "invalid", field: "before" }],
      [{ since: "yesterday" }, { code: "invalid", field: "since" }],
      [{ since: "2026-03-01T12:00:00" }, { code: "invalid", field: "since" }],
      [{ until: "soon" }, { code: "invalid", field: "until" }],
      [{ filter: "user:a\0b" }, { code: "invalid", field: "filter" }],
    ])("refuses %j", async (input, error) => {
      await expect(read(input)).rejects.toMatchObject({ ...error, traceId: expect.any(String) })
    })
  })
})
