import MisoClient from '@miso.ai/client-sdk'
import { call, type EnvironmentName } from '../../api/client'
import type { Product, SearchAnswer } from '../../api/types'
import { newAnonymous } from '../sandbox/visitor'

/** What we use of the published browser SDK, which brings no types. */
export interface Shop {
  context: { anonymous_id: string }
  api: {
    helpers: { fetch: (url: string, payload: unknown) => Promise<unknown> }
    interactions: { upload: (interactions: object | object[]) => Promise<unknown> }
    search: { search: (question: object) => Promise<SearchAnswer>; autocomplete: (question: object) => Promise<Completions> }
    recommendation: {
      userToProducts: (question: object) => Promise<Shelf>
      userToTrending: (question: object) => Promise<Shelf>
      productToProducts: (question: object) => Promise<Shelf>
    }
  }
}

export interface Completions {
  completions: Record<string, { text: string }[]>
}

export interface Shelf {
  miso_id: string
  products?: Product[]
}

const Client = MisoClient as unknown as new (options: { apiKey: string; apiHost: string }) => Shop

const shops = new Map<EnvironmentName, Shop>()

/**
 * The SDK as a shop would have it, one per environment. A shop's page gives it the publishable key; here its calls go through the
 * Dojo, which puts the key on, so that what they may do is what the person who is signed in may do.
 */
export function shopOf(environment: EnvironmentName): Shop {
  const known = shops.get(environment)
  if (known !== undefined) return known
  const host = `${location.origin}/dojo/api/${environment}/v1`
  const shop = new Client({ apiKey: 'put-on-by-the-dojo', apiHost: host })
  shop.api.helpers.fetch = (url, payload) => call(new URL(url).pathname.replace('/dojo/api/', ''), { body: payload })
  shop.context.anonymous_id = newAnonymous()
  shops.set(environment, shop)
  return shop
}

/** Somebody else comes in. */
export function newShopper(environment: EnvironmentName) {
  shopOf(environment).context.anonymous_id = newAnonymous()
}
