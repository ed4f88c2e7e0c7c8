import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto"
import { isIPv4 } from "node:net"

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly cert: string
  readonly key: string
}

export interface Authority {
  /** Its own certificate, as PEM. */
  readonly cert: string
  /** A server's identity for `names` (host names and IPv4 addresses), valid until `days` from now. */
  issue(names: readonly string[], days?: number): Identity
}

const DAY_MS = 86_400_000

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" })

const identity = (cert: string, key: KeyObject): Identity => ({
  cert,
  key: key.export({ type: "pkcs8", format: "pem" }).toString(),
})

/** An authority that nobody knows. */
export function createAuthority(): Authority {
  const { publicKey, privateKey: signer } = newKeys()
  // A name of its own: of two authorities with one name the wrong one would be tried.
  const issuer = name(`test authority ${randomBytes(4).toString("hex")}`)
  const isAuthority = extension("2.5.29.19", der(0x30, der(0x01, Buffer.from([0xff]))))
  return {
    cert: certificate({ issuer, subject: issuer, key: publicKey, days: 365, extension: isAuthority, signer }),
    issue(names, days = 90) {
      const own = newKeys()
      const subject = name(names[0] as string)
      const content = { issuer, subject, key: own.publicKey, days, extension: subjectNames(names), signer }
      return identity(certificate(content), own.privateKey)
    },
  }
}

/** A server's identity that nobody but itself vouches for. */
export function selfSigned(names: readonly string[]): Identity {
  const { publicKey: key, privateKey: signer } = newKeys()
  const subject = name(names[0] as string)
  const cert = certificate({ issuer: subject, subject, key, days: 90, extension: subjectNames(names), signer })
  return identity(cert, signer)
}

interface Content {
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly key: KeyObject
  readonly days: number
  readonly extension: Buffer
  readonly signer: KeyObject
}

/** X.509 version 3, signed with ECDSA and SHA-256 (RFC 5280). */
function certificate({ issuer, subject, key, days, extension, signer }: Content): string {
  const algorithm = der(0x30, oid("1.2.840.10045.4.3.2"))
  const validity = der(0x30, time(Math.min(-1, days - 1)), time(days))
  const version = der(0xa0, der(0x02, Buffer.from([2])))
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]))
  const spki = key.export({ type: "spki", format: "der" })
  const extensions = der(0xa3, der(0x30, extension))
  const body = der(0x30, version, serial, algorithm, issuer, validity, subject, spki, extensions)
  const whole = der(0x30, body, algorithm, bits(sign("sha256", body, signer)))
  const lines = whole.toString("base64").match(/.{1,64}/g) as string[]
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n")
}

const name = (text: string) => der(0x30, der(0x31, der(0x30, oid("2.5.4.3"), der(0x0c, Buffer.from(text)))))

const subjectNames = (names: readonly string[]) =>
  extension(
    "2.5.29.17",
    der(
      0x30,
      ...names.map(text =>
        isIPv4(text) ? der(0x87, Buffer.from(text.split(".").map(Number))) : der(0x82, Buffer.from(text)),
      ),
    ),
  )

const extension = (id: string, value: Buffer) => der(0x30, oid(id), der(0x04, value))

/** So many days from now. */
const time = (days: number) =>
  der(0x17, Buffer.from(new Date(Date.now() + days * DAY_MS).toISOString().replace(/^..|[-:T]|\.\d+/g, "")))

const bits = (value: Buffer) => der(0x03, Buffer.from([0]), value)

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number)
  const groups = (part: number): number[] =>
    part < 128 ? [part] : [...groups(part >> 7).map(byte => byte | 0x80), part & 0x7f]
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(groups)]))
}

/** One element of ASN.1's distinguished encoding. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content])
  const bytes = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...bytes]), content])
}
