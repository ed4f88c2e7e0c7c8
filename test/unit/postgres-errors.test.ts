import { expect, test } from "vitest"
import { DeadlineError } from "../../src/adapters/deadline.ts"
import { readEndpoint } from "../../src/adapters/postgres/endpoint.ts"
import { isAnswer, isLost, toDeckError } from "../../src/adapters/postgres/errors.ts"

const endpoint = readEndpoint("postgres://u@db.example.com/x")

/** An error as pg has it of a server that goes away, of a pooler before it, and of the network. */
const failure = (message: string, code?: string, severity = "FATAL") =>
  Object.assign(new Error(message), code !== undefined && { code, severity })

/** What PostgreSQL, PgBouncer, pg and Node say of a server that went away, at whatever moment. */
const LOST: readonly Error[] = [
  failure("terminating connection due to administrator command", "57P01"),
  failure("terminating connection because of crash of another server process", "57P02", "WARNING"),
  failure("the database system is starting up", "57P03"),
  failure("the database system is not yet accepting connections", "57P03"),
  failure("terminating connection due to idle-in-transaction timeout", "25P03"),
  failure("server conn crashed?", "08P01"),
  failure("query_wait_timeout", "08P01"),
  failure("connection failure", "08006", "ERROR"),
  failure("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED", ""),
  failure("read ECONNRESET", "ECONNRESET", ""),
  failure("write EPIPE", "EPIPE", ""),
  failure("write after end", "ERR_STREAM_WRITE_AFTER_END", ""),
  failure("Cannot call write after a stream was destroyed", "ERR_STREAM_DESTROYED", ""),
  failure("Connection terminated"),
  failure("Connection terminated unexpectedly"),
  failure("Connection terminated due to connection timeout"),
  failure("Client has encountered a connection error and is not queryable"),
  failure("Client was closed and is not queryable"),
  failure("timeout expired"),
  new DeadlineError(5_000),
  new AggregateError([failure("connect ECONNREFUSED ::1:5432", "ECONNREFUSED", "")]),
]

test.each(LOST)("%s means that the server is gone, and answers nothing about a commit", error => {
  expect({ isLost: isLost(error), isAnswer: isAnswer(error) }).toEqual({ isLost: true, isAnswer: false })
  expect(toDeckError(error, endpoint)).toMatchObject({ code: "unavailable", message: /db\.example\.com:5432/ })
})

test.each([
  failure("cannot set transaction read-write mode during recovery", "0A000", "ERROR"),
  failure("cannot execute UPDATE in a read-only transaction", "25006", "ERROR"),
])("%s means that changes are made elsewhere", error => {
  expect({ isLost: isLost(error), isAnswer: isAnswer(error) }).toEqual({ isLost: false, isAnswer: true })
  expect(toDeckError(error, endpoint)).toMatchObject({
    code: "read_only",
    message:
      "nothing was changed: PostgreSQL at db.example.com:5432 is read-only, as replicas are: name the primary server in DATABASE_URL",
  })
})

test("a query that replay broke off may be asked again", () => {
  const error = failure("canceling statement due to conflict with recovery", "40001", "ERROR")
  expect(toDeckError(error, endpoint)).toMatchObject({ code: "unavailable", message: /is a replica.*try again/ })
})

test("a wait for connections that are all in use does not mean that the server is gone", () => {
  const error = failure("timeout exceeded when trying to connect")
  expect(isLost(error)).toBe(false)
  expect(toDeckError(error, endpoint)).toMatchObject({ code: "unavailable", message: /no connection became free/ })
})

test("a mistake of the program is not taken for a lost server", () => {
  expect(isLost(new TypeError("x is not a function"))).toBe(false)
  expect(toDeckError(new TypeError("x is not a function"), endpoint)).toMatchObject({ code: "internal" })
})
