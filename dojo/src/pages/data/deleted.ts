/** Records on their way out and back: read before they are deleted, and put back as they were. */

import { ApiError, call, type EnvironmentName } from '../../api/client'
import type { Record_ } from './record'

/** Calls under way at a time. */
const atATime = 6

type DeletableSet = 'products' | 'users'

/** The records of these ids, as far as there are any: of a person there may be interactions only. */
export async function readRecords(environment: EnvironmentName, set: DeletableSet, ids: string[]): Promise<Record_[]> {
  const found = await each(ids, async (id) => {
    try {
      return (await call<{ record: Record_ }>(`${environment}/records/${set}?id=${encodeURIComponent(id)}`)).record
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    }
  })
  return found.filter((record) => record !== undefined)
}

/** Puts them back; one that somebody else has put there meanwhile is left as it is. */
export async function putBack(environment: EnvironmentName, set: DeletableSet, records: Record_[]): Promise<{ back: number; taken: number }> {
  const outcomes = await each(records, async (record) => {
    try {
      await call(`${environment}/records/${set}`, { method: 'PUT', body: { record, version: null } })
      return true
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false
      throw error
    }
  })
  const back = outcomes.filter(Boolean).length
  return { back, taken: outcomes.length - back }
}

/** The work on each of them, a few at a time, with what came out in the same order. */
export async function each<In, Out>(all: In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const out = new Array<Out>(all.length)
  let next = 0
  const worker = async () => {
    for (let at = next++; at < all.length; at = next++) out[at] = await work(all[at] as In)
  }
  await Promise.all(Array.from({ length: Math.min(atATime, all.length) }, worker))
  return out
}
