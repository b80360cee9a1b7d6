// Properties: an axis begins at 0, has few round steps, and covers the highest bar; of counts, none is broken.

import { describe, expect, it } from 'vitest'
import { labelled, ticks } from './scale'

describe('an axis', () => {
  it('covers what it shows in three to six round steps', () => {
    for (const most of [0.0003, 0.243, 0.9, 1, 3, 7, 40, 41, 99, 1_234, 2_600, 999_999]) {
      const found = ticks(most)
      expect(found[0]).toBe(0)
      expect(found.at(-1)).toBeGreaterThanOrEqual(most)
      expect(found.at(-2)).toBeLessThan(most)
      expect(found.length, String(most)).toBeGreaterThanOrEqual(3)
      expect(found.length, String(most)).toBeLessThanOrEqual(6)
    }
    expect(ticks(2_600)).toEqual([0, 1_000, 2_000, 3_000])
    expect(ticks(0.3)).toEqual([0, 0.1, 0.2, 0.3])
  })

  it('names whole numbers where it counts', () => {
    for (const most of [1, 2, 3, 5, 9, 11]) expect(ticks(most, { whole: true }).every(Number.isInteger)).toBe(true)
    expect(ticks(1, { whole: true })).toEqual([0, 1])
    expect(ticks(0, { whole: true })).toEqual([0, 1])
  })

  it('labels at most so many bars, and the first', () => {
    const chosen = Array.from({ length: 60 }, (_, at) => at).filter(labelled(60, 8))
    expect(chosen).toEqual([0, 8, 16, 24, 32, 40, 48, 56])
    expect([0, 1, 2].filter(labelled(3, 8))).toEqual([0, 1, 2])
  })
})
