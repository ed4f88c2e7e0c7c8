import type { LateOutcome } from "../../adapters/postgres/commit.ts"
import type { Config } from "../../config.ts"
import { DeckError } from "../../domain/errors.ts"
import { lagOf, type Replica, takesNoChanges } from "../../domain/replica.ts"
import { ValueStore } from "../../domain/store.ts"
import type { Environment } from "../../services/environment.ts"

export interface ChangeGuardState {
  /** Whether changes are refused until it is unlocked. */
  readonly isLocked: boolean
  /** The replica that PostgreSQL is now: changes are refused until it is promoted, unlocked or not. */
  readonly replica: Replica | undefined
  /** The last that was learned of a change whose outcome was unknown. */
  readonly late: LateOutcome | undefined
  /** Number of times that the console became idle. */
  readonly timesIdle: number
  /** Whether a change waits for the operator to confirm their identity. */
  readonly isConfirming: boolean
}

/**
 * Environment of the console, and its protection from unintended changes: read-only, by choice or on a replica, and confirming
 * the identity after idling.
 */
export class ChangeGuard implements Environment {
  readonly name: string
  readonly profile: string | undefined
  readonly colour: Config["colour"]
  readonly ehloName: Config["ehloName"]
  readonly largeGrant: Config["largeGrant"]
  readonly states: ValueStore<ChangeGuardState>
  private readonly check: (secret: string) => Promise<void>
  private readonly startedReadOnly: Config["readOnly"]
  /** Whether the console has not been idle since the operator last confirmed their identity. */
  private isConfirmed = true
  private confirmation: PromiseWithResolvers<void> | undefined

  /** `check` resolves when the secret belongs to the operator who is signed in; throws DeckError otherwise. */
  constructor(
    { environment: name, profile, colour, readOnly, ehloName, largeGrant }: EnvironmentConfig,
    check: (secret: string) => Promise<void>,
  ) {
    this.name = name
    this.profile = profile
    this.colour = colour
    this.ehloName = ehloName
    this.largeGrant = largeGrant
    this.check = check
    this.startedReadOnly = readOnly
    this.states = new ValueStore<ChangeGuardState>({
      isLocked: readOnly !== undefined,
      replica: undefined,
      late: undefined,
      timesIdle: 0,
      isConfirming: false,
    })
  }

  get readOnly(): string | undefined {
    if (!this.isReadOnly) return undefined
    return `nothing was changed: ${this.staysReadOnly ?? "it is read-only until it is unlocked"}`
  }

  private get isReadOnly(): boolean {
    return this.isLocked || this.replica !== undefined
  }

  get isLocked(): boolean {
    return this.states.snapshot.isLocked
  }

  get replica(): Replica | undefined {
    return this.states.snapshot.replica
  }

  /**
   * Why it cannot be unlocked; undefined where it can, or need not be. Read-only from the command line is final, and on a replica
   * unlocking would change nothing.
   */
  get staysReadOnly(): string | undefined {
    if (this.startedReadOnly === "option") return "opsdeck was started with --read-only"
    return this.replica && takesNoChanges(this.replica)
  }

  /** Whether it was read-only at the start and was unlocked since. */
  get isUnlocked(): boolean {
    return this.startedReadOnly !== undefined && !this.isLocked
  }

  /** Unlocks until the end of the console, or until it is locked again. Recorded in the diagnostics. */
  unlock(): void {
    if (this.staysReadOnly !== undefined) return
    console.info(`${this.name}: read-only, and unlocked`)
    this.update({ isLocked: false })
  }

  lock(): void {
    this.update({ isLocked: true })
  }

  /** What PostgreSQL is, as each transaction says: told on where it reads otherwise than before. */
  heed(replica: Replica | undefined): void {
    const before = this.replica
    const isSame = replica && before && lagOf(replica) === lagOf(before) && replica.follows === before.follows
    if (!isSame) this.update({ replica })
  }

  learn(late: LateOutcome): void {
    this.update({ late })
  }

  /** The console has become idle: the next change requires the operator to confirm their identity. */
  becomeIdle(): void {
    this.decline()
    this.isConfirmed = false
    this.update({ timesIdle: this.states.snapshot.timesIdle + 1 })
  }

  /**
   * Resolves when `secret` belongs to the operator who is signed in. Throws DeckError otherwise, and when the request
   * was given up meanwhile: the operator may have left since.
   */
  async checkIdentity(secret: string): Promise<void> {
    const { confirmation: asked } = this
    await this.check(secret)
    if (this.confirmation !== asked) throw unconfirmed()
  }

  /** The operator has just confirmed their identity. */
  confirm(): void {
    this.isConfirmed = true
    this.confirmation?.resolve()
    this.confirmation = undefined
    this.update({ isConfirming: false })
  }

  /** The operator declined to confirm: the waiting change is not made. */
  decline(): void {
    this.confirmation?.reject(unconfirmed())
    this.confirmation = undefined
    this.update({ isConfirming: false })
  }

  async admit(): Promise<void> {
    if (this.isConfirmed) return
    this.confirmation ??= Promise.withResolvers()
    this.update({ isConfirming: true })
    await this.confirmation.promise
  }

  private update(change: Partial<ChangeGuardState>): void {
    this.states.set({ ...this.states.snapshot, ...change })
  }
}

const unconfirmed = () => new DeckError("cancelled", "nothing was changed: your identity was not confirmed")

type EnvironmentConfig = Pick<Config, "environment" | "profile" | "colour" | "readOnly" | "ehloName" | "largeGrant">
