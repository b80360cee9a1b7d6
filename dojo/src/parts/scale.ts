/** The values that an axis names, from 0 up to the first that covers `most`: three to five round steps. Counts have no halves. */
export function ticks(most: number, { whole = false } = {}): number[] {
  if (!(most > 0)) return whole ? [0, 1] : [0]
  const rough = most / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map((round) => round * power).find((one) => one >= rough * (1 - 1e-9)) ?? 10 * power
  const size = whole ? Math.max(1, Math.ceil(step)) : step
  const last = Math.ceil(most / size - 1e-9)
  // Multiplied, not summed up: 3 × 0.1 is what 0.3 reads as.
  return Array.from({ length: last + 1 }, (_, at) => Number((at * size).toPrecision(12)))
}

/** Which of `count` bars get their label below: at most `most`, evenly, the first always. */
export function labelled(count: number, most: number): (at: number) => boolean {
  const every = Math.max(1, Math.ceil(count / most))
  return (at) => at % every === 0
}
