import { createElement, type ReactNode } from "react"
import type { CommandCall } from "../../domain/command-line.ts"
import type { Shown } from "../../domain/safe-text.ts"
import type { Deck } from "../../services/deck.ts"
import { type Binding, type BoundKey, bind, defineBindings } from "../keys/binding.ts"
import type { Chord } from "../keys/chord.ts"
import type { FieldTarget } from "../keys/route.ts"

/** Cells of the terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Section of the help beside the keys: what to type, and what it means. */
export interface Topic {
  readonly title: string
  readonly entries: readonly (readonly [typed: string, meaning: string])[]
}

/** Argument that is typed after a screen's name in the palette: `users alice`. */
export interface Argument<Params> {
  /** Name that it is typed after. */
  readonly behind: string
  /** Description in a few words; left out where only the choices are valid. */
  readonly expects?: string | undefined
  /** Words with a meaning of their own. */
  readonly choices: readonly string[]
  /** Whether a text is an argument as it stands; one that is not gives way to the choices that it begins. Default: it is. */
  readonly accepts?: (text: string) => boolean
  /** Returns the screen's parameters; throws DeckError for an invalid argument. */
  readonly read: (text: string, deck: Deck, signal: AbortSignal) => Params | Promise<Params>
  /** For what `read` has done: said above the keys, and no screen is opened. */
  says?(params: Params): Shown
}

/** Part of a screen's model that the shell reads; the rest is between the screen's bindings and its body. */
export interface ScreenModel {
  /** Text field that has the keyboard now. */
  readonly field?: FieldTarget | undefined
  /** Keeps a dialog open while nobody is at the console: the operator has to see how this ends. */
  readonly isUnderWay?: boolean
  /** Asks before the screen is left, by whatever key; undefined where nothing would be lost. */
  readonly asksToLeave?: (() => void) | undefined
  /** Command that gives the same answer as the screen. */
  readonly command?: CommandCall | undefined
  /** Selects the row of the body, from 0. */
  readonly click?: ((row: number) => void) | undefined
}

/** Part of a screen that can have the keyboard instead of the rest, with its own keys. */
interface Pane<Model> {
  /** Name of its keys in key maps. */
  readonly scope: string
  readonly title: string
  readonly bindings: readonly Binding<Model>[]
  readonly hasKeyboard: (model: Model) => boolean
}

/** Properties that a screen is declared with and keeps. */
export interface ScreenInfo {
  readonly id: string
  readonly title: string
  /** Title on the tabs of a narrow terminal, where its own is too long. */
  readonly shortTitle?: string
  /** One sentence for help and palette. */
  readonly summary: string
  /** Key of its tab, for screens that have one. */
  readonly tabKey?: Chord | undefined
  /** Drawn over the screen below, whose keyboard it takes. */
  readonly overlay?: boolean
  /**
   * Takes keys from before it was drawn, as somebody types who knows the way: for dialogs that find, show or take along.
   * Other dialogs drop them.
   */
  readonly typedAhead?: boolean
  readonly topics?: readonly Topic[]
  /** Screens and dialogs that are opened from it alone or most: the help lists their keys as well. */
  readonly inside?: readonly Screen<never>[]
}

interface Declaration<Params, Model> extends ScreenInfo {
  readonly bindings: readonly Binding<NoInfer<Model>>[]
  /** Hook that makes the model; it may keep state with the screen's refs and reducers. */
  readonly useModel: (params: Params, size: Size) => Model & ScreenModel
  readonly Body: (props: { model: NoInfer<Model>; size: Size }) => ReactNode
  readonly pane?: Pane<NoInfer<Model>>
  /** Id of the screen that has the same keys, for the same screen on another part of the data. */
  readonly scope?: string
  readonly argument?: Argument<NoInfer<Params>> | undefined
}

/** Screen whose model is its own business: the form the shell works with. */
export interface Screen<Params = void> extends ScreenInfo {
  /** Name of its keys in key maps: its own id, or that of the screen it is a part of. */
  readonly scope: string
  readonly topics: readonly Topic[]
  readonly argument: Argument<unknown> | undefined
  /** Bindings without a model, for help pages and the documents. */
  readonly bindings: readonly Binding<never>[]
  readonly pane: Pane<never> | undefined
  readonly useView: (params: Params, size: Size) => ScreenView
}

/** State of a screen at one moment. */
export interface ScreenView extends ScreenModel {
  /** Scope of `keys`. */
  readonly scope: string
  readonly keys: readonly BoundKey[]
  readonly body: ReactNode
  /** Time from which on its keys count, by `performance.now()`; always where left out. */
  readonly hearsSince?: () => number
}

/** Screen that the palette opens with an argument, and the tab that it belongs to. */
export interface PaletteCommand extends Argument<unknown> {
  readonly screen: Screen<unknown>
  readonly tab: Screen | undefined
}

/** Declares a screen once: the shell draws it, routes its keys and prints footer and help from this. */
export function defineScreen<Params = void, Model = ScreenModel>({
  bindings,
  pane,
  useModel,
  Body,
  argument,
  topics = [],
  ...info
}: Declaration<Params, Model>): Screen<Params> {
  const { scope = info.id } = info
  const all = { scope, bindings: defineBindings(bindings) }
  return {
    ...info,
    ...all,
    topics,
    argument,
    pane: pane && { ...pane, bindings: defineBindings(pane.bindings), hasKeyboard: pane.hasKeyboard as () => boolean },
    useView: (params, size) => {
      const model = useModel(params, size)
      const { field, click, isUnderWay, asksToLeave, command } = model
      const heard = pane?.hasKeyboard(model) ? pane : all
      const keys = bind(heard.bindings, model)
      const body = createElement(Body, { model, size })
      return { scope: heard.scope, keys, field, click, isUnderWay: isUnderWay ?? false, asksToLeave, command, body }
    },
  }
}
