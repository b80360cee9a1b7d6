import { ApiError, type EnvironmentName, v1 } from '../api/client'
import { convert, type Plan, RowError } from './convert'
import { type Row, rowsOf } from './read'

/** Records of one call: the API's advice. */
const batchOf = { products: 100, users: 100, interactions: 2_000 } as const
/** Rejects kept to be shown and downloaded; more are counted. */
const rejectsMax = 10_000
/** Waits before the next try while the server cannot be reached or is busy: half a minute in all, then a person decides. */
const waits_ms = [500, 1_000, 2_000, 4_000, 8_000, 15_000]

export interface Reject {
  row: number
  reason: string
  fields: Record<string, unknown>
}

export interface Progress {
  state: 'running' | 'waiting' | 'stuck' | 'stopped' | 'done' | 'failed'
  sent: number
  rejected: number
  rejects: Reject[]
  bytes: number
  /** Why it waits, is stuck, or failed. */
  message?: string
}

/** One upload of one file. It can be stopped, and it goes on where it is stuck. */
export class Upload {
  private progress: Progress = { state: 'running', sent: 0, rejected: 0, rejects: [], bytes: 0 }
  private readonly stop = new AbortController()
  private goOn: (() => void) | undefined

  constructor(
    private readonly file: File,
    private readonly environment: EnvironmentName,
    private readonly plan: Plan,
    private readonly onProgress: (progress: Progress) => void,
  ) {}

  cancel() {
    this.stop.abort()
    this.goOn?.()
  }

  retry() {
    this.goOn?.()
  }

  async run(): Promise<void> {
    try {
      let batch: { row: Row; record: Record<string, unknown> }[] = []
      for await (const row of rowsOf(this.file, (bytes) => (this.progress.bytes = bytes))) {
        try {
          batch.push({ row, record: convert(row, this.plan) })
        } catch (error) {
          if (!(error instanceof RowError)) throw error
          this.reject(row, error.message)
        }
        if (batch.length >= batchOf[this.plan.set]) {
          await this.send(batch)
          batch = []
        }
      }
      await this.send(batch)
      this.tell({ state: 'done', bytes: this.file.size })
    } catch (error) {
      if (this.stop.signal.aborted) this.tell({ state: 'stopped' })
      else this.tell({ state: 'failed', message: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Sends a batch; what the API names as wrong is left out and the rest sent again. */
  private async send(batch: { row: Row; record: Record<string, unknown> }[]): Promise<void> {
    for (let tries = 0; batch.length > 0; ) {
      this.stop.signal.throwIfAborted()
      try {
        await v1(this.environment, this.plan.set, { body: { data: batch.map(({ record }) => record) }, signal: this.stop.signal })
        this.progress.sent += batch.length
        this.tell({ state: 'running', message: undefined })
        return
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        if (error.status === 422 && error.lines.length > 0) {
          const reasons = refusals(error.lines)
          const bad = batch.filter((_, place) => reasons.has(place))
          if (bad.length === 0) throw error
          for (const [place, one] of batch.entries()) {
            const reason = reasons.get(place)
            if (reason !== undefined) this.reject(one.row, reason)
          }
          batch = batch.filter((_, place) => !reasons.has(place))
          this.tell({})
        } else if (error.status === 0 || error.status === 429 || error.status >= 500) {
          const wait = waits_ms[tries]
          tries += 1
          if (wait === undefined) {
            await this.untilToldTo(error.message)
            tries = 0
          } else {
            this.tell({ state: 'waiting', message: error.message })
            await new Promise((done) => setTimeout(done, wait))
          }
        } else {
          throw error
        }
      }
    }
  }

  private untilToldTo(message: string): Promise<void> {
    this.tell({ state: 'stuck', message })
    return new Promise((done) => (this.goOn = done))
  }

  private reject(row: Row, reason: string) {
    this.progress.rejected += 1
    if (this.progress.rejects.length < rejectsMax) this.progress.rejects.push({ row: row.number, reason, fields: row.fields })
  }

  private tell(change: Partial<Progress>) {
    Object.assign(this.progress, change)
    this.onProgress({ ...this.progress })
  }
}

/** The reasons by a record's place in its batch, out of the API's lines `data.<place>[.<path>] is invalid. <why>`. */
export function refusals(lines: string[]): Map<number, string> {
  const reasons = new Map<number, string>()
  for (const line of lines) {
    const found = /^data\.(\d+)\.?(\S*) is invalid\. ?(.*)$/s.exec(line)
    if (found === null) continue
    const place = Number(found[1])
    const reason = `${found[2] ?? ''} ${found[3] ?? ''}`.trim()
    reasons.set(place, reasons.has(place) ? `${reasons.get(place)}; ${reason}` : reason)
  }
  return reasons
}

/** Rejected rows as JSON Lines, each with its reason, to be mended and uploaded again. */
export const rejectsFile = (rejects: Reject[]) => rejects.map(({ row, reason, fields }) => JSON.stringify({ _row: row, _reason: reason, ...fields })).join('\n') + '\n'
