/** Double-ended queue of numbers; index 0 is the first. */
export class NumberDeque {
  private items = new Float64Array(1024)
  private head = 0
  private count = 0

  get length(): number {
    return this.count
  }

  at(index: number): number | undefined {
    return index < 0 || index >= this.count ? undefined : this.items[this.slot(index)]
  }

  /** Returns the first index whose value is at least `value`, in rising values; the length where there is none. */
  indexFrom(value: number): number {
    let [low, high] = [0, this.count]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.at(middle) as number) < value) low = middle + 1
      else high = middle
    }
    return low
  }

  push(value: number): void {
    this.makeRoom()
    this.items[this.slot(this.count++)] = value
  }

  unshift(value: number): void {
    this.makeRoom()
    this.head = (this.head - 1 + this.items.length) % this.items.length
    this.items[this.head] = value
    this.count++
  }

  shift(): number | undefined {
    if (this.count === 0) return undefined
    const first = this.items[this.head]
    this.head = this.slot(1)
    this.count--
    return first
  }

  clear(): void {
    this.head = 0
    this.count = 0
  }

  private slot(index: number): number {
    return (this.head + index) % this.items.length
  }

  private makeRoom(): void {
    if (this.count < this.items.length) return
    const larger = new Float64Array(this.items.length * 2)
    larger.set(this.items.subarray(this.head))
    larger.set(this.items.subarray(0, this.head), this.items.length - this.head)
    this.items = larger
    this.head = 0
  }
}
