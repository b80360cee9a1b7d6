// Properties: a file arrives whole and in order, whatever breaks on the way; what the server has is not sent again; what cannot
// get better ends with the server's words; a stopped upload sends nothing more.

import { describe, expect, it } from 'vitest'
import { type Answer, Sender, type Transport } from './sender'

const text = 'abcdefghijklmnopqrstuvwxyz'

/** A server that keeps what arrives, and does `mishap` instead at the calls that it is given for. */
function server(mishap: (call: number) => ((part: string) => Answer) | undefined) {
  let held = ''
  let calls = 0
  const offsets: number[] = []
  const transport: Transport = {
    async put(offset, part) {
      calls += 1
      const bytes = await part.text()
      offsets.push(offset)
      const instead = mishap(calls)?.(bytes)
      if (instead !== undefined) {
        // A connection that breaks half-way has brought half of the part.
        if (instead.status === 0) held += bytes.slice(0, Math.floor(bytes.length / 2))
        return instead
      }
      if (offset !== held.length) return { status: 409, received: held.length }
      held += bytes
      return { status: 200, received: held.length }
    },
    ask: async () => ({ status: 200, received: held.length }),
    sleep: async () => undefined,
  }
  return { transport, offsets, held: () => held }
}

describe('a file that is sent', () => {
  it('arrives whole and in order', async () => {
    const { transport, held, offsets } = server(() => undefined)
    expect(await new Sender(new Blob([text]), 0, transport, 10).run()).toEqual({ state: 'done', received: 26 })
    expect([held(), offsets]).toEqual([text, [0, 10, 20]])
  })

  it('goes on where it was when connections break, sessions end and the server restarts', async () => {
    for (const status of [0, 401, 409, 429, 500, 503]) {
      const { transport, held } = server((call) => (call % 2 === 1 ? () => ({ status }) : undefined))
      expect((await new Sender(new Blob([text]), 0, transport, 7).run()).state, String(status)).toBe('done')
      expect(held(), String(status)).toBe(text)
    }
  })

  it('says the server’s words where it cannot go on', async () => {
    const { transport } = server(() => () => ({ status: 415, message: 'a.pdf is a PDF' }))
    expect(await new Sender(new Blob([text]), 0, transport).run()).toMatchObject({ state: 'failed', message: 'a.pdf is a PDF' })
  })

  it('sends nothing more when it is stopped', async () => {
    const { transport, offsets } = server((call) => {
      if (call === 2) sender.stop()
      return undefined
    })
    const sender: Sender = new Sender(new Blob([text]), 0, transport, 5)
    await sender.run()
    expect(offsets).toEqual([0, 5])
  })
})
