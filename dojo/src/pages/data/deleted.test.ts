// Properties: every one is worked on once, a few at a time, and what comes out keeps its place; a failure is the caller's to hear.

import { describe, expect, it } from 'vitest'
import { each } from './deleted'

describe('work on many', () => {
  it('keeps the places, and never does more than a few at a time', async () => {
    let running = 0
    let most = 0
    const out = await each(Array.from({ length: 40 }, (_, at) => at), async (at) => {
      most = Math.max(most, ++running)
      await new Promise((done) => setTimeout(done, (at * 7) % 5))
      running -= 1
      return at * 2
    })
    expect(out).toEqual(Array.from({ length: 40 }, (_, at) => at * 2))
    expect(most).toBe(6)
  })

  it('tells of a failure', async () => {
    await expect(each([1, 2], async (one) => (one === 2 ? Promise.reject(new Error('lost')) : one))).rejects.toThrow('lost')
    expect(await each([], async () => 1)).toEqual([])
  })
})
