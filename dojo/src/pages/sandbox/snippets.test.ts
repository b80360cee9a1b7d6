// Properties: each language says the same request; quotes in a value break out of no string.

import { describe, expect, it } from 'vitest'
import { python, snippet } from './snippets'

const request = { path: 'search/search', body: { q: "men's \"shoe\"", rows: 3, explain: true, fq: null } }

describe('a request as code', () => {
  it('names the address and the key in every language', () => {
    for (const language of ['curl', 'javascript', 'python'] as const) {
      const text = snippet(language, request, 'KEY', 'https://shop.example')
      expect(text).toContain('https://shop.example/v1/search/search')
      expect(text).toContain('KEY')
    }
  })

  it('keeps a single quote inside of the shell’s quotes', () => {
    expect(snippet('curl', request, 'KEY', 'http://a')).toContain(String.raw`men'\''s`)
  })

  it('writes true, false and null as Python has them, and leaves text alone', () => {
    expect(python({ a: true, b: null, c: 'true', d: [1, 'x'] })).toBe('{\n    "a": True,\n    "b": None,\n    "c": "true",\n    "d": [1, "x"],\n}')
  })
})
