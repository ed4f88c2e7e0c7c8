import { Component, type ReactNode } from "react"

interface FaultBoundaryProps {
  readonly onFault: (error: Error) => void
  readonly children: ReactNode
}

/**
 * Draws nothing any more once drawing failed, and says so. Ink would draw the error itself, raw, with whatever secret its
 * message holds.
 */
export class FaultBoundary extends Component<FaultBoundaryProps, { readonly failed: boolean }> {
  override readonly state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: Error): void {
    // What it leads to unmounts everything, which React allows nobody while it is at work.
    setImmediate(this.props.onFault, error)
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children
  }
}
