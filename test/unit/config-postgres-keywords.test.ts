import { describe, expect, it } from "vitest"
import { readEndpoints } from "../../src/adapters/postgres/endpoint.ts"
import { newHomes, secret } from "../support/config-home.ts"

newHomes()

describe("libpq's keywords", () => {
  const read = (query: string) => readEndpoints(`postgres://u@h1,h2/x?${query}`).all[0].config
  const CA = () => `sslrootcert=${secret("ca.pem", "CA")}`

  it("that only tune a connection do no harm", () => {
    const harmless =
      "keepalives=1&keepalives_idle=30&tcp_user_timeout=9&sslsni=1&sslcompression=0&gssencmode=disable&krbsrvname=x&sslcertmode=allow"
    const { password: _, ...config } = read(harmless)
    expect(read("")).toMatchObject(config)
  })

  it("say where a server is, whose name its certificate and its password have", async () => {
    const passfile = secret("passwords", "h1:*:*:*:of h1\nh2:*:*:*:of h2\n")
    const { all } = readEndpoints(
      `postgres://u@h1,h2/x?hostaddr=192.0.2.1,192.0.2.2&sslmode=verify-full&passfile=${passfile}`,
    )
    expect(all.map(({ config: { host, ssl } }) => ({ host, ...(ssl as object) }))).toEqual([
      { host: "192.0.2.1", servername: "h1", rejectUnauthorized: true },
      { host: "192.0.2.2", servername: "h2", rejectUnauthorized: true },
    ])
    const passwords = all.map(({ config: { password } }) => (password as () => Promise<string>)())
    expect(await Promise.all(passwords)).toEqual(["of h1", "of h2"])
  })

  it("of TLS are kept to", () => {
    const crl = secret("crl.pem", "CRL")
    expect(
      read(`sslmode=verify-full&${CA()}&sslcrl=${crl}&ssl_min_protocol_version=TLSv1.3&channel_binding=require`),
    ).toMatchObject({
      ...{ ssl: { ca: "CA", crl: "CRL", minVersion: "TLSv1.3", rejectUnauthorized: true } },
      enableChannelBinding: true,
    })
    expect(() => read("channel_binding=require")).toThrow("channel_binding=require is for TLS: add sslmode=verify-full")
  })

  it.each([
    ["gssencmode=require", "gssencmode: GSSAPI's encryption is not supported"],
    ["require_auth=scram-sha-256", "require_auth: which ways of signing in will do cannot be said"],
    ["requirepeer=postgres", "requirepeer: the owner of a socket"],
    ["replication=database", "replication: a connection for replication takes no queries"],
    ["sslcrldir=/etc/crl", "sslcrldir: directories"],
    ["sslcertmode=require", "sslcertmode: a certificate is shown where sslcert names one"],
    ["channel_binding=yes", "channel_binding is one of disable, prefer, require"],
    ["ssl_min_protocol_version=1.2", "ssl_min_protocol_version is one of TLSv1,"],
    ["hostaddr=db.example.com", "hostaddr is an address, not a name"],
    ["hostaddr=192.0.2.1", "1 addresses in hostaddr for 2 hosts: name one for each host"],
    ["port=0", "a port is a number from 1 to 65535"],
  ])("that cannot be kept to are refused with the reason: %s", (query, says) => {
    expect(() => read(query)).toThrow(says)
  })
})
