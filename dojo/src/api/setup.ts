import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../shell/environment'
import { setupQuery } from './queries'

export type Importance = 'ignored' | 'low' | 'normal' | 'high'

export interface SearchedField {
  name: string
  /** Of an attribute of the shop's own: how many products have it. */
  products: number | null
  /** `null` where it holds no words. */
  importance: Importance | null
  facet: boolean
}

/** How the texts of an environment are searched, and what it offers as facets. */
export interface SearchSetup {
  primary_language: string
  supported_languages: string[]
  products_by_language: Record<string, number>
  rebuilding: boolean
  searched_fields: Record<string, Importance>
  facets: string[]
  facets_are_own: boolean
  fields: SearchedField[]
}

export function useSearchSetup() {
  const environment = useEnvironment()
  return useQuery({
    ...setupQuery(environment),
    // While the index is built anew, the page says so, and when it is over.
    refetchInterval: ({ state }) => (state.data?.rebuilding === true ? 1_000 : false),
  })
}
