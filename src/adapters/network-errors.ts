/** Explanations of Node's error codes for an unreachable server; each adapter adds its own. */
export const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused: is it running, and is the port right?",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was lost",
  ENOTFOUND: "the host's name is unknown",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ETIMEDOUT: "no answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet: is this host's clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
}
