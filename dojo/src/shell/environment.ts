import { useParams } from '@tanstack/react-router'
import { environments, type EnvironmentName } from '../api/client'
import { may } from './session'

/** The environment that the address names; every page below `/$environment` has one. */
export function useEnvironment(): EnvironmentName {
  const { environment } = useParams({ strict: false })
  return environments.find((name) => name === environment) ?? 'playground'
}

/** The sample shop takes no uploads. */
export const isSample = (environment: EnvironmentName) => environment === 'playground'

/** Whether nothing can be changed here by the person at the screen: nobody can in the sample shop, and a viewer nowhere. */
export const isReadOnly = (environment: EnvironmentName) => isSample(environment) || !may('editor')

/** How each is told apart: a colour, and words, because colour alone tells nothing to some. */
export const look: Record<EnvironmentName, { label: string; color: string; note: string }> = {
  playground: { label: 'Playground', color: 'take', note: 'Sample shop, read-only' },
  development: { label: 'Development', color: 'kin', note: 'For trying things out' },
  production: { label: 'Production', color: 'shu', note: 'The real thing' },
}

const key = 'tamari-dojo-environment'

export function rememberEnvironment(environment: EnvironmentName) {
  try {
    localStorage.setItem(key, environment)
  } catch {
    // Without storage the next visit begins in the playground.
  }
}

export function rememberedEnvironment(): EnvironmentName {
  try {
    const kept = localStorage.getItem(key)
    return environments.find((name) => name === kept) ?? 'playground'
  } catch {
    return 'playground'
  }
}

/** A page's address in another environment: what names a record of the one before is left out. */
export function samePlace(path: string, environment: EnvironmentName): string {
  const [, , ...rest] = path.split('/')
  const page = rest[0] === 'data' ? rest.slice(0, 2) : rest.slice(0, 1)
  return `/${[environment, ...(page.length > 0 ? page : ['overview'])].join('/')}`
}
