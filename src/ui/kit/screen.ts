import { createElement, type ReactNode } from "react"
import type { CommandCall } from "../../domain/command-line.ts"
import { type Binding, type BoundKey, bind } from "../keys/binding.ts"
import type { Chord } from "../keys/chord.ts"
import type { FieldTarget } from "../keys/route.ts"
import type { Argument } from "./argument.ts"

/** Cells of the terminal. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Something the help explains beside the keys: what to type, and what it means. */
export interface Topic {
  readonly title: string
  readonly entries: readonly (readonly [typed: string, meaning: string])[]
}

/** What every screen's model has for the shell; the rest is between the screen's bindings and its body. */
export interface ScreenModel {
  /** The text field that has the keyboard now. */
  readonly field?: FieldTarget | undefined
  /** Something goes on here whose end is to be seen: it stays also where nobody is there. */
  readonly isUnderWay?: boolean
  /** What a command is command that answers what is seen here; undefined where none does. */
  readonly command?: CommandCall | undefined
  /** Selects what stands in a row of the body, from 0. */
  readonly click?: ((row: number) => void) | undefined
}

/** A part of a screen that can have the keyboard in the stead of the rest, with keys of its own. */
interface Pane<Model> {
  /** What its keys are called after. */
  readonly scope: string
  readonly title: string
  readonly bindings: readonly Binding<Model>[]
  /** Whether it has the keyboard now. */
  readonly hasKeyboard: (model: Model) => boolean
}

interface Declaration<Params, Model extends ScreenModel> {
  readonly id: string
  readonly title: string
  /** One sentence for help and palette. */
  readonly summary: string
  readonly bindings: readonly Binding<Model>[]
  /** The hook that makes the model; it may keep state with `usePlaceState` and the reducers of the screen. */
  readonly useModel: (params: Params, size: Size) => Model
  readonly Body: (props: { model: Model; size: Size }) => ReactNode
  readonly pane?: Pane<Model>
  /** The id of the screen that has the same keys, where it is the same for another part of the data. */
  readonly scope?: string
  /** The key of its tab, where it is a place one can go to directly. */
  readonly tabKey?: Chord
  /** Drawn over the screen below, whose keyboard it takes. */
  readonly overlay?: boolean
  readonly topics?: readonly Topic[]
  readonly argument?: Argument<Params> | undefined
}

/** A screen whose model is its own business: what the shell works with. */
export interface Screen<Params = void> {
  readonly id: string
  readonly title: string
  readonly summary: string
  /** What its keys are called after: its own id, or that of the screen it is a part of. */
  readonly scope: string
  readonly tabKey: Chord | undefined
  readonly overlay: boolean
  readonly topics: readonly Topic[]
  readonly argument: Argument<unknown> | undefined
  /** The bindings without a model, for help pages and the README. */
  readonly bindings: readonly Binding<never>[]
  readonly pane: Pane<never> | undefined
  readonly useView: (params: Params, size: Size) => ScreenView
}

/** A screen as it is at one moment. */
export interface ScreenView {
  /** What `keys` are called after. */
  readonly scope: string
  readonly keys: readonly BoundKey[]
  readonly field: FieldTarget | undefined
  readonly isUnderWay: boolean
  readonly command: CommandCall | undefined
  readonly click: ScreenModel["click"]
  readonly body: ReactNode
}

/** A screen that the palette opens with an argument, and the tab that it belongs to. */
export interface PaletteCommand extends Argument<unknown> {
  readonly screen: Screen<unknown>
  readonly tab: Screen | undefined
}

/** Declares a screen once: the shell draws, routes keys, prints footer and help, all from this. */
export function defineScreen<Params = void, Model extends ScreenModel = ScreenModel>(
  declaration: Declaration<Params, Model>,
): Screen<Params> {
  const { id, title, summary, scope = id, bindings, pane, useModel, Body } = declaration
  return {
    id,
    title,
    summary,
    scope,
    tabKey: declaration.tabKey,
    overlay: declaration.overlay ?? false,
    topics: declaration.topics ?? [],
    argument: declaration.argument,
    bindings: bindings as readonly Binding<never>[],
    pane: pane as Pane<never> | undefined,
    useView: (params, size) => {
      const model = useModel(params, size)
      const { field, click, isUnderWay = false, command } = model
      const body = createElement(Body, { model, size })
      const heard = pane?.hasKeyboard(model) ? pane : { scope, bindings }
      return { scope: heard.scope, keys: bind(heard.bindings, model), field, click, isUnderWay, command, body }
    },
  }
}
