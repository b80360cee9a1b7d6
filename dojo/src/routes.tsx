import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { environments } from './api/client'
import { Empty, Failed } from './parts/States'
import { rememberedEnvironment } from './shell/environment'
import { Shell } from './shell/Shell'
import { type DataSet, dataSets } from './upload/fields'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined)
const choice = <T extends string>(value: unknown, choices: readonly T[]): T | undefined => choices.find((one) => one === value)

const root = createRootRoute({
  component: Outlet,
  errorComponent: ({ error }) => <Failed error={error} retry={() => location.reload()} />,
  notFoundComponent: () => (
    <Empty icon="search" title="There is no such page">
      <a href="/dojo/">Back to the overview</a>
    </Empty>
  ),
})

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/$environment/overview', params: { environment: rememberedEnvironment() } })
  },
})

const environment = createRoute({
  getParentRoute: () => root,
  path: '$environment',
  component: Shell,
  beforeLoad: ({ params }) => {
    if (!environments.some((name) => name === params.environment)) throw redirect({ to: '/' })
  },
})

const environmentStart = createRoute({
  getParentRoute: () => environment,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$environment/overview', params })
  },
})

export const orders = ['best', 'title', 'title_down', 'cheap', 'dear', 'rating'] as const
export type Order = (typeof orders)[number]
export const periods = ['hour', 'day', 'week', 'month'] as const
export type Period = (typeof periods)[number]

const overview = createRoute({
  getParentRoute: () => environment,
  path: 'overview',
  validateSearch: (search: Record<string, unknown>): { period?: Period } => ({ period: choice(search.period, periods) }),
  component: lazyRouteComponent(() => import('./pages/Overview'), 'Overview'),
})

export const questions = ['for_you', 'trending', 'groups', 'related', 'history', 'search'] as const
export type QuestionName = (typeof questions)[number]

interface SandboxSearch {
  ask?: QuestionName
  user?: string
  anonymous?: string
  product?: string
  q?: string
}

const sandbox = createRoute({
  getParentRoute: () => environment,
  path: 'sandbox',
  validateSearch: (search: Record<string, unknown>): SandboxSearch => ({
    ask: choice(search.ask, questions),
    user: text(search.user),
    anonymous: text(search.anonymous),
    product: text(search.product),
    q: text(search.q),
  }),
  component: lazyRouteComponent(() => import('./pages/sandbox/Sandbox'), 'Sandbox'),
})

const page = (value: unknown) => (Number.isInteger(Number(value)) && Number(value) > 1 ? Number(value) : undefined)

const data = createRoute({
  getParentRoute: () => environment,
  id: 'data-sets',
  component: lazyRouteComponent(() => import('./pages/data/DataSets'), 'DataSets'),
})

const dataStart = createRoute({
  getParentRoute: () => environment,
  path: 'data',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$environment/data/products', params })
  },
})

interface ProductSearch {
  q?: string
  page?: number
  order?: (typeof orders)[number]
  type?: string
  stock?: string
  brand?: string
  fq?: string
}

const products = createRoute({
  getParentRoute: () => data,
  path: 'data/products',
  validateSearch: (search: Record<string, unknown>): ProductSearch => ({
    q: text(search.q),
    page: page(search.page),
    order: choice(search.order, orders),
    type: text(search.type),
    stock: text(search.stock),
    brand: text(search.brand),
    fq: text(search.fq),
  }),
  component: lazyRouteComponent(() => import('./pages/data/Products'), 'ProductTable'),
})

const users = createRoute({
  getParentRoute: () => data,
  path: 'data/users',
  validateSearch: (search: Record<string, unknown>): { q?: string; kind?: 'user' | 'anonymous'; sort?: 'events'; page?: number } => ({
    q: text(search.q),
    kind: choice(search.kind, ['user', 'anonymous'] as const),
    sort: choice(search.sort, ['events'] as const),
    page: page(search.page),
  }),
  component: lazyRouteComponent(() => import('./pages/data/People'), 'PeopleTable'),
})

const interactions = createRoute({
  getParentRoute: () => data,
  path: 'data/interactions',
  validateSearch: (search: Record<string, unknown>): { type?: string; product?: string } => ({ type: text(search.type), product: text(search.product) }),
  component: lazyRouteComponent(() => import('./pages/data/Interactions'), 'InteractionTable'),
})

const quality = createRoute({
  getParentRoute: () => data,
  path: 'data/quality',
  component: lazyRouteComponent(() => import('./pages/data/Quality'), 'QualityPage'),
})

const product = createRoute({
  getParentRoute: () => environment,
  path: 'data/products/$id',
  component: lazyRouteComponent(() => import('./pages/data/ProductPage'), 'ProductPage'),
})

const person = createRoute({
  getParentRoute: () => environment,
  path: 'data/users/$kind/$id',
  validateSearch: (search: Record<string, unknown>): { page?: number } => ({ page: page(search.page) }),
  component: lazyRouteComponent(() => import('./pages/data/PersonPage'), 'PersonPage'),
})

const upload = createRoute({
  getParentRoute: () => environment,
  path: 'data/upload',
  validateSearch: (search: Record<string, unknown>): { set?: DataSet; id?: string } => ({ set: choice(search.set, dataSets), id: text(search.id) }),
  component: lazyRouteComponent(() => import('./pages/data/UploadPage'), 'UploadPage'),
})

const engines = createRoute({
  getParentRoute: () => environment,
  path: 'engines',
  component: lazyRouteComponent(() => import('./pages/Engines'), 'Engines'),
})

const live = createRoute({
  getParentRoute: () => environment,
  path: 'live',
  validateSearch: (search: Record<string, unknown>): { type?: string; person?: string; product?: string; q?: string } => ({ type: text(search.type), person: text(search.person), product: text(search.product), q: text(search.q) }),
  component: lazyRouteComponent(() => import('./pages/Live'), 'Live'),
})

const keys = createRoute({
  getParentRoute: () => environment,
  path: 'keys',
  component: lazyRouteComponent(() => import('./pages/Keys'), 'Keys'),
})

export const settingsParts = ['search', 'retention', 'backups', 'accounts', 'you', 'server'] as const
export type SettingsPart = (typeof settingsParts)[number]

const settings = createRoute({
  getParentRoute: () => environment,
  path: 'settings',
  validateSearch: (search: Record<string, unknown>): { part?: SettingsPart } => ({ part: choice(search.part, settingsParts) }),
  component: lazyRouteComponent(() => import('./pages/Settings'), 'Settings'),
})

const storefront = createRoute({
  getParentRoute: () => environment,
  path: 'storefront',
  validateSearch: (search: Record<string, unknown>): { product?: string; q?: string } => ({ product: text(search.product), q: text(search.q) }),
  component: lazyRouteComponent(() => import('./pages/storefront/Storefront'), 'Storefront'),
})

const tree = root.addChildren([start, environment.addChildren([environmentStart, overview, sandbox, dataStart, data.addChildren([products, users, interactions, quality]), product, person, upload, engines, live, keys, settings, storefront])])

export const router = createRouter({ routeTree: tree, basepath: '/dojo', defaultPreload: 'intent', scrollRestoration: true, defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} /> })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
