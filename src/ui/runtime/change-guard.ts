import type { Config } from "../../config.ts"
import { DeckError } from "../../domain/errors.ts"
import { ValueStore } from "../../domain/store.ts"
import type { Environment } from "../../services/environment.ts"

export interface ChangeGuardState {
  /** Nothing can be changed now. */
  readonly isReadOnly: boolean
  /** How often the console was left alone. */
  readonly timesLeft: number
  /** A change waits until the operator has said again who they are. */
  readonly asks: boolean
}

/** Where the console is, and what keeps its operator from changing there what they did not mean to. */
export class ChangeGuard implements Environment {
  readonly name: string
  readonly profile: string | undefined
  readonly colour: Config["colour"]
  readonly states: ValueStore<ChangeGuardState>
  private readonly check: (secret: string) => Promise<void>
  private readonly startedReadOnly: Config["readOnly"]
  /** Nobody was away since the operator last said who they are. */
  private proven = true
  private asked: PromiseWithResolvers<void> | undefined

  /** `check` resolves when the secret is one of the operator who is signed in; throws DeckError otherwise. */
  constructor({ environment: name, profile, colour, readOnly }: SiteConfig, check: (secret: string) => Promise<void>) {
    this.name = name
    this.profile = profile
    this.colour = colour
    this.check = check
    this.startedReadOnly = readOnly
    this.states = new ValueStore<ChangeGuardState>({ isReadOnly: readOnly !== undefined, timesLeft: 0, asks: false })
  }

  get readOnly(): string | undefined {
    if (!this.states.snapshot.isReadOnly) return undefined
    return `nothing was changed: ${this.staysReadOnly ?? "it is read-only until it is unlocked"}`
  }

  /** Why it cannot be unlocked; undefined where it can, or need not be. What the command line says stands. */
  get staysReadOnly(): string | undefined {
    return this.startedReadOnly === "option" ? "opsdeck was started with --read-only" : undefined
  }

  /** Read-only from the start, and unlocked since. */
  get isUnlocked(): boolean {
    return this.startedReadOnly !== undefined && !this.states.snapshot.isReadOnly
  }

  /** Until the console is left, or it is locked again. The diagnostics remember it. */
  unlock(): void {
    if (this.staysReadOnly !== undefined) return
    console.info(`${this.name}: read-only, and unlocked`)
    this.update({ isReadOnly: false })
  }

  lock(): void {
    this.update({ isReadOnly: true })
  }

  /** Nobody is there: from now on who changes something says first who they are. */
  leave(): void {
    this.giveUp()
    this.proven = false
    this.update({ timesLeft: this.states.snapshot.timesLeft + 1 })
  }

  /**
   * Resolves when `secret` is one of the operator who is signed in. Throws DeckError otherwise, and where what asked for it
   * was given up meanwhile: who has gone since may be proven no more.
   */
  async prove(secret: string): Promise<void> {
    const { asked } = this
    await this.check(secret)
    if (this.asked !== asked) throw unproven()
  }

  /** The operator has just said who they are. */
  welcome(): void {
    this.proven = true
    this.asked?.resolve()
    this.asked = undefined
    this.update({ asks: false })
  }

  /** They do not say it: what waits for that is not done. */
  giveUp(): void {
    this.asked?.reject(unproven())
    this.asked = undefined
    this.update({ asks: false })
  }

  async admit(): Promise<void> {
    if (this.proven) return
    this.asked ??= Promise.withResolvers()
    this.update({ asks: true })
    await this.asked.promise
  }

  private update(change: Partial<ChangeGuardState>): void {
    this.states.set({ ...this.states.snapshot, ...change })
  }
}

const unproven = () => new DeckError("cancelled", "nothing was changed: you did not say who you are")

type SiteConfig = Pick<Config, "environment" | "profile" | "colour" | "readOnly">
