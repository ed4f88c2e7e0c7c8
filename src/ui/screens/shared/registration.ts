import { useQuery } from "@tanstack/react-query"
import type { Registration } from "../../../domain/registration.ts"
import { shown } from "../../../domain/safe-text.ts"
import { showRegistration } from "../../../services/registration.ts"
import { useShell } from "../../kit/shell.ts"
import { type Piece, piece } from "../../widgets/line.tsx"

const REFRESH_MS = 30_000

/** Draws whether registration is open. */
export const registrationPiece = ({ open }: Registration): Piece =>
  open ? piece(shown`open to anybody`, "strong") : piece(shown`by invitation only`, "strong")

/** Reads whether registration is open; undefined until it is read, and where the platform does not keep it. */
export function useRegistration(): Registration | undefined {
  const { deck } = useShell()
  const { data } = useQuery({
    queryKey: showRegistration.words,
    queryFn: ({ signal }) => deck.run(showRegistration, {}, { signal }),
    refetchInterval: REFRESH_MS,
    retry: false,
  })
  return data?.kept ? data : undefined
}
