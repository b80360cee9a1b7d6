/** What the server tells of an upload. */

import type { DataSet } from './fields'

export type Stage = 'receiving' | 'ready' | 'checking' | 'importing' | 'done' | 'stopped' | 'failed'

export interface RowError {
  row: number
  reasons: string[]
}

export interface Outcome {
  accepted: number
  rejected: number
  errors: RowError[]
  reasons: { reason: string; count: number }[]
  warnings: string[]
  began_ms: number
  ended_ms: number | null
}

export interface UploadAbout {
  id: string
  file_name: string
  size_bytes: number
  modified_ms: number | null
  created_ms: number
  kept_until_ms: number
  stage: Stage
  kind: DataSet | null
  received_bytes: number
  progress: number
  checked: Outcome | null
  imported: Outcome | null
  message: string | null
}

export interface ColumnUse {
  name: string
  samples: string[]
  fields: string[]
  confidence: number | null
  why: string
  filled: number
}

export interface Preview {
  kinds: { kind: DataSet; confidence: number; why: string }[]
  kind: DataSet
  origin: 'guess' | 'known' | 'saved' | 'none' | 'changed'
  named: string
  columns: ColumnUse[]
  fields: { name: string; shape: string; required: boolean }[]
  set: Record<string, unknown> | null
  gathers: boolean
  rules: number
  toml: string | null
  rows: { row: number; cells: Record<string, unknown> }[]
  sample: {
    rows: number
    is_whole: boolean
    records: number
    rejected: number
    errors: RowError[]
    reasons: { reason: string; count: number }[]
    first: { row: number; record: Record<string, unknown> }[]
    failure: string | null
  }
  lacking: string[]
  saved: { name: string; fits: boolean }[]
}

/** How a person changes the reading of a file; what is left out stays. */
export interface PlanChange {
  kind?: DataSet
  saved?: string
  toml?: string
  guess?: boolean
  assign?: { column: string; field: string | null }[]
  set?: Record<string, string | null>
}
