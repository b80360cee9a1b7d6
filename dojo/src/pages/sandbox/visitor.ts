import { useState } from 'react'
import type { Product } from '../../api/types'
import { useEnvironment } from '../../shell/environment'

/** Who one is in the sandbox. */
export type Visitor = { kind: 'user'; id: string } | { kind: 'anonymous'; id: string }

/** What one did as that visitor in the playground, where nothing is stored: it is sent along with each question. */
export interface Click {
  type: string
  product_id: string
  title: string
  at: number
  /** The answer in which it was pressed. */
  miso_id?: string
}

/** What pressing a product does; `miso_id` names the answer that showed it. */
export type Press = (product: Product, miso_id?: string) => void

const adjectives = ['calm', 'quick', 'amber', 'early', 'quiet', 'bright', 'patient', 'curious', 'gentle', 'bold']
const animals = ['heron', 'fox', 'crane', 'otter', 'lynx', 'wren', 'hare', 'carp', 'owl', 'deer']
const pick = <T>(from: readonly T[]): T => from[crypto.getRandomValues(new Uint32Array(1))[0]! % from.length] as T

/** A new anonymous visitor with a name that people can tell apart. */
export const newAnonymous = () => `sandbox-${pick(adjectives)}-${pick(animals)}-${crypto.randomUUID().slice(0, 4)}`

export const fieldsOf = (visitor: Visitor) => (visitor.kind === 'user' ? { user_id: visitor.id } : { anonymous_id: visitor.id })

/** The clicks of a visitor, as long as the page is open. */
const kept = new Map<string, Click[]>()

export function useClicks(visitor: Visitor) {
  const environment = useEnvironment()
  const key = `${environment}/${visitor.kind}/${visitor.id}`
  const [, redraw] = useState(0)
  const set = (clicks: Click[]) => {
    kept.set(key, clicks.slice(0, 50))
    redraw((turn) => turn + 1)
  }
  return [kept.get(key) ?? [], set] as const
}

/** The clicks as the API takes them: oldest first. Each quotes the answer that led to it, so that it counts for that answer. */
export const asInteractions = (clicks: Click[], visitor: Visitor) =>
  [...clicks].reverse().map((click) => ({
    type: click.type,
    product_ids: [click.product_id],
    timestamp: new Date(click.at).toISOString(),
    ...(click.miso_id === undefined ? {} : { miso_id: click.miso_id }),
    ...fieldsOf(visitor),
  }))
