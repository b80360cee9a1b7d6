/**
 * Sends a file in parts, and goes on where the server says that it is: after a lost connection, a restart of the server, a
 * session that ended. It lives outside of the pages, so that leaving one does not stop it.
 */

export interface Sending {
  state: 'sending' | 'waiting' | 'done' | 'failed'
  received: number
  /** Why it waits or failed. */
  message?: string
}

export interface Transport {
  put(offset: number, part: Blob, signal: AbortSignal): Promise<Answer>
  /** How many bytes the server has. */
  ask(signal: AbortSignal): Promise<Answer>
  sleep(ms: number): Promise<void>
}

/** Status 0: no answer. */
export interface Answer {
  status: number
  received?: number
  message?: string
}

const partBytes = 4 * 1024 * 1024
const waits_ms = [300, 1_000, 2_000, 4_000, 8_000]

export class Sender {
  private now: Sending
  private readonly listeners = new Set<() => void>()
  private readonly stopped = new AbortController()

  constructor(
    readonly file: Blob,
    received: number,
    private readonly transport: Transport,
    private readonly part = partBytes,
  ) {
    this.now = { state: 'sending', received }
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
  readonly current = () => this.now

  stop() {
    this.stopped.abort()
  }

  async run(): Promise<Sending> {
    const { signal } = this.stopped
    let tries = 0
    while (this.now.received < this.file.size && !signal.aborted) {
      const { received } = this.now
      let answer = await this.transport.put(received, this.file.slice(received, received + this.part), signal)
      if (answer.status === 200 && answer.received !== undefined) {
        tries = 0
        this.tell({ state: 'sending', received: answer.received })
        continue
      }
      if (signal.aborted) break
      const hopeless = answer.status >= 400 && answer.status < 500 && ![400, 401, 408, 409, 429].includes(answer.status)
      if (hopeless) return this.tell({ ...this.now, state: 'failed', message: answer.message ?? `The server answered ${answer.status}.` })
      this.tell({ ...this.now, state: 'waiting', message: answer.status === 0 ? 'The server cannot be reached' : answer.status === 401 ? 'Your session has ended: sign in again' : (answer.message ?? 'The server is busy') })
      await this.transport.sleep(waits_ms[Math.min(tries, waits_ms.length - 1)] ?? 8_000)
      tries += 1
      if (signal.aborted) break
      answer = await this.transport.ask(signal)
      if (answer.status === 404) return this.tell({ ...this.now, state: 'failed', message: 'The server has this upload no more. Choose the file again.' })
      if (answer.status === 200 && answer.received !== undefined) this.tell({ state: 'sending', received: answer.received })
    }
    if (signal.aborted) return this.now
    return this.tell({ state: 'done', received: this.now.received })
  }

  private tell(next: Sending) {
    this.now = next
    for (const listener of this.listeners) listener()
    return next
  }
}

const senders = new Map<string, Sender>()
export const senderOf = (id: string) => senders.get(id)

/** Begins to send, or gives the one that does so already. */
export function startSending(environment: string, id: string, file: Blob, received: number): Sender {
  const running = senders.get(id)
  if (running !== undefined && running.current().state !== 'failed') return running
  const place = `/dojo/api/${environment}/uploads/${id}`
  const ask = async (address: string, options: RequestInit): Promise<Answer> => {
    try {
      const response = await fetch(address, { credentials: 'same-origin', ...options, headers: { 'X-Dojo': '1' } })
      const answer = (await response.json().catch(() => ({}))) as { received_bytes?: number; message?: string }
      return { status: response.status, received: answer.received_bytes, message: answer.message }
    } catch {
      return { status: 0 }
    }
  }
  const sender = new Sender(file, received, {
    put: (offset, part, signal) => ask(`${place}/parts?offset=${offset}`, { method: 'PUT', body: part, signal }),
    ask: (signal) => ask(place, { signal }),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  })
  senders.set(id, sender)
  void sender.run().then((last) => {
    if (last.state === 'done') senders.delete(id)
  })
  return sender
}

export function stopSending(id: string) {
  senders.get(id)?.stop()
  senders.delete(id)
}
