/** What the pages of the menu ask for when they open: the same question on the page, and before it when somebody is about to go there. */

import { queryOptions, type QueryClient } from '@tanstack/react-query'
import type { Period } from '../routes'
import { call, type EnvironmentName, v1 } from './client'
import type { SearchSetup } from './setup'
import type { Engine, EngineHistory, Overview, SearchAnswer } from './types'

export const overviewQuery = (environment: EnvironmentName, period: Period = 'day') =>
  queryOptions({
    queryKey: [environment, 'overview', period],
    queryFn: () => call<Overview>(`${environment}/overview?period=${period}`),
  })

/** A page of the catalogue. Not as a visitor asks: who looks through it is not counted. */
export const productsQuery = (environment: EnvironmentName, body: object) =>
  queryOptions({
    queryKey: [environment, 'products', body],
    queryFn: async ({ signal }) => (await call<{ data: SearchAnswer }>(`${environment}/search`, { body, signal })).data,
  })

export const productRows = 25
const shownFields = ['title', 'brand', 'type', 'categories', 'availability', 'cover_image', 'sale_price', 'original_price', 'rating']

export interface ProductsAsked {
  q?: string
  fq?: string
  sort?: string
  descending?: boolean
  page?: number
}

/** The question behind a page of the catalogue; without anything, its beginning. */
export const productsBody = ({ q = '', fq = '', sort = 'best', descending, page = 1 }: ProductsAsked = {}) => ({
  q,
  fq,
  sort,
  ...(descending === true ? { descending } : {}),
  rows: productRows,
  start: (page - 1) * productRows,
  facets: ['type', 'availability', 'brand'],
  fl: shownFields,
})

export const enginesQuery = (environment: EnvironmentName) =>
  queryOptions({ queryKey: [environment, 'engines'], queryFn: () => v1<{ engines: Engine[] }>(environment, 'engines') })

export const versionsQuery = (environment: EnvironmentName, engine: string) =>
  queryOptions({
    queryKey: [environment, 'versions', engine],
    queryFn: () => v1<EngineHistory>(environment, `engines/${encodeURIComponent(engine)}/versions`),
  })

export interface Masked {
  secret_masked: string
  /** Masked for a viewer. */
  publishable: string
  /** Replaced keys that still work. */
  former: { kind: 'secret' | 'publishable'; masked: string; until_ms: number }[]
}

export const keysQuery = (environment: EnvironmentName) => queryOptions({ queryKey: [environment, 'keys'], queryFn: () => call<Masked>(`${environment}/keys`), staleTime: 0 })

export const setupQuery = (environment: EnvironmentName) =>
  queryOptions({ queryKey: [environment, 'settings', 'search'], queryFn: () => v1<SearchSetup>(environment, 'settings/search') })

export interface Synonyms {
  solr: string
}

export const synonymsQuery = (environment: EnvironmentName) =>
  queryOptions({ queryKey: [environment, 'settings', 'synonyms'], queryFn: () => v1<Synonyms>(environment, 'settings/synonyms') })

export interface StopWords {
  stop_words: Record<string, string[]>
  own: string[]
}

export const stopWordsQuery = (environment: EnvironmentName) =>
  queryOptions({ queryKey: [environment, 'settings', 'stop_words'], queryFn: () => v1<StopWords>(environment, 'settings/stop_words') })

/**
 * Asks for what a page of the menu will show, unless it was asked for a moment ago. Sandbox and storefront are left out: their
 * questions are answers to visitors, and are counted as such.
 */
export function askBefore(client: QueryClient, environment: EnvironmentName, page: string) {
  switch (page) {
    case 'overview':
      return void client.prefetchQuery(overviewQuery(environment))
    case 'data':
      return void client.prefetchQuery(productsQuery(environment, productsBody()))
    case 'engines':
      void client.prefetchQuery(enginesQuery(environment))
      return void client.prefetchQuery(versionsQuery(environment, 'default'))
    case 'keys':
      return void client.prefetchQuery({ ...keysQuery(environment), staleTime: 10_000 })
    case 'settings':
      void client.prefetchQuery(setupQuery(environment))
      void client.prefetchQuery(synonymsQuery(environment))
      return void client.prefetchQuery(stopWordsQuery(environment))
    default:
  }
}
