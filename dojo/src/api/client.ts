/** Calls to the server: same origin, the session's cookie, and the header that marks our own pages. */

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The lines of refused records, where the API names them. */
    readonly lines: string[] = [],
  ) {
    super(message)
  }
}

/** The one place that learns that the session is over. */
export const signedOut = new EventTarget()

export interface Options {
  method?: string
  body?: unknown
  signal?: AbortSignal
}

export async function call<T>(path: string, { method, body, signal }: Options = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/dojo/api/${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'X-Dojo': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      credentials: 'same-origin',
      signal,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, 'The server cannot be reached. Is it running, and is this machine connected?')
  }
  const text = await response.text()
  let answer: unknown = undefined
  try {
    answer = text === '' ? undefined : JSON.parse(text)
  } catch {
    // A proxy's page of its own; its status says enough.
  }
  if (response.ok) return answer as T
  const { message, data } = (answer ?? {}) as { message?: string; data?: unknown }
  if (response.status === 401 && path !== 'session' && path !== 'password') signedOut.dispatchEvent(new Event('signed-out'))
  throw new ApiError(
    response.status,
    message ?? `The server answered ${response.status}.`,
    Array.isArray(data) ? data.filter((line): line is string => typeof line === 'string') : [],
  )
}

export type EnvironmentName = 'playground' | 'development' | 'production'
export const environments: EnvironmentName[] = ['playground', 'development', 'production']

/** A call of the public API in an environment; the server puts the key on. Gives what stands in `data`. */
export async function v1<T>(environment: EnvironmentName, path: string, options?: Options): Promise<T> {
  const answer = await call<{ data: T }>(`${environment}/v1/${path}`, options)
  return answer?.data
}
