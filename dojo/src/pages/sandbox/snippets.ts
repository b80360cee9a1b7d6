/** A request as one would write it. The key stands for itself: the real one is on the page of keys. */

export type Language = 'curl' | 'javascript' | 'python'

export interface Request {
  path: string
  body: unknown
}

/** Where the API is, seen from a shop. */
export const host = () => location.origin

const shellQuoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** JSON as Python writes it; only words outside of strings change. */
export function python(value: unknown, indent = 0): string {
  const pad = ' '.repeat(indent + 4)
  const end = ' '.repeat(indent)
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object')) return `[${value.map((one) => python(one)).join(', ')}]`
    return `[\n${value.map((one) => `${pad}${python(one, indent + 4)},\n`).join('')}${end}]`
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value)
    if (entries.length === 0) return '{}'
    return `{\n${entries.map(([name, one]) => `${pad}${JSON.stringify(name)}: ${python(one, indent + 4)},\n`).join('')}${end}}`
  }
  return JSON.stringify(value)
}

export function snippet(language: Language, { path, body }: Request, key: string, at = host()): string {
  const url = `${at}/v1/${path}`
  const json = JSON.stringify(body, null, 2)
  switch (language) {
    case 'curl':
      return [`curl ${shellQuoted(url)} \\`, `  -H ${shellQuoted(`X-API-KEY: ${key}`)} \\`, `  -H 'Content-Type: application/json' \\`, `  -d ${shellQuoted(json)}`].join('\n')
    case 'javascript':
      return `const response = await fetch(${JSON.stringify(url)}, {
  method: 'POST',
  headers: { 'X-API-KEY': ${JSON.stringify(key)}, 'Content-Type': 'application/json' },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
})
const answer = await response.json()`
    case 'python':
      return `import requests

response = requests.post(
    ${JSON.stringify(url)},
    headers={"X-API-KEY": ${JSON.stringify(key)}},
    json=${python(body, 4)},
)
response.raise_for_status()
answer = response.json()`
  }
}
