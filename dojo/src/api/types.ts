/** What the server answers. */

export interface Card {
  product_id: string
  known: boolean
  title?: string | null
  cover_image?: string | null
  price?: number | null
  count?: number
  rise?: number
}

export interface TypeCount {
  type: string
  count: number
  visitors?: number
}

/** What became of answers; a rate is null where there is nothing to divide by. */
export interface AnswerFigures {
  answers: number
  empty: number
  shown: number
  impressions: number
  viewable_impressions: number
  clicks: number
  ctr: number | null
  viewable_ctr: number | null
  add_to_carts: number
  conversions: number
  conversion_rate: number | null
  revenue: number
  assisted_share: number | null
}

export interface Overview {
  now_ms: number
  /** The end of the period: now, or the end of a log that ended long ago. */
  present_ms: number
  latest_ms: number | null
  products: number
  in_stock: number
  profiles: number
  interactions: number
  bar_ms: number
  bars: { time_ms: number; count: number }[]
  period: {
    interactions: number
    interactions_before: number
    visitors: number
    visitors_before: number
    unknown_products: number
    by_type: TypeCount[]
  }
  top: Card[]
  trending: Card[]
  answers: {
    since_ms: number
    attribution_days: number
    total: AnswerFigures
    by_api: (AnswerFigures & { api: string })[]
    by_unit: (AnswerFigures & { unit_id: string })[]
    purchases: number
    revenue: number
    assisted: number
    assisted_revenue: number
  }
  engines: { engine_id: string; in_use: Version | null; versions: number; newest_is_in_use: boolean }[]
  is_ready: boolean
  model: Version | null
}

export type VersionState = 'in_use' | 'kept_out' | 'replaced'

export interface Version {
  version: string
  created_at: string
  state: VersionState
  in_use: boolean
  /** Why it was kept out; also of one that is used in spite of it. */
  reason: string | null
  took_ms: number
  model_bytes: number
  data: { interactions: number; observations: number; people: number; products: number; from: string | null; to: string | null }
  compared: { with: string; same_questions: boolean; questions: number; ndcg_10: number; ndcg_10_in_use: number; tolerance: number } | null
  metrics: Record<string, unknown>
}

export interface PersonRow {
  user_id: string | null
  anonymous_id: string | null
  has_profile: boolean
  interactions: number
  latest_ms: number | null
}

export interface TimelineEvent {
  time_ms: number
  type: string
  user_id: string | null
  anonymous_id: string | null
  product: Card | null
  value: number | null
}

export interface Person {
  user_id: string | null
  anonymous_id: string | null
  profile: Record<string, unknown> | null
  interactions: number
  events: TimelineEvent[]
}

export type Product = {
  product_id: string
  title?: string
  description?: string
  cover_image?: string
  url?: string
  brand?: string
  categories?: string[][]
  sale_price?: number
  original_price?: number
  availability?: string
  rating?: number
  custom_attributes?: Record<string, unknown>
} & Record<string, unknown>

export interface SearchAnswer {
  took: number
  miso_id: string
  products: Product[]
  total: number
  start: number
  spellcheck?: { spelling_errors: boolean; corrected_query: string; corrected_query_with_markups: string }
  facet_counts?: { facet_fields?: Record<string, [string, number][]> }
}

export interface RecommendationAnswer {
  took: number
  miso_id: string
  products?: Product[]
}

export interface Engine {
  engine_id: string
  kind: 'recommendation' | 'search'
  /** `null`: whatever speaks for a product. */
  optimize_for: string[] | null
  weight_by: string | null
  weight_power: number
  schedule: string | null
}

/** What the data offers to an engine's definition. */
export interface Choices {
  interactions: TypeCount[]
  attributes: { name: string; products: number }[]
}

export interface TrainingStatus {
  task_id: string
  engine_id: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  progress: number
  error: string | null
  metrics: Record<string, unknown> | null
  version: string | null
  kept_out: string | null
  created_at: string
  finished_at: string | null
}

export interface EngineHistory {
  versions: Version[]
  /** The last one, also when it is over. */
  training: TrainingStatus | null
}

export interface Quality {
  products: { total: number; read: number; attributes: { name: string; share: number; kinds: string[]; example: string }[] }
  interactions: {
    total: number
    visitors: number
    first_ms: number | null
    last_ms: number | null
    by_type: TypeCount[]
    products_named: number
    products_unknown: number
    unknown_examples: string[]
    duplicates: number
    bars: { time_ms: number; days: number; count: number }[]
    longest_gap: { from_ms: number; days: number } | null
  }
}

export interface Arrival {
  number: number
  at_ms: number
  interaction: { type: string; user_id?: string; anonymous_id?: string; product_ids?: string[]; timestamp?: string } & Record<
    string,
    unknown
  >
}
