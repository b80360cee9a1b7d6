/** Numbers, times and shares as people read them, in their own language and zone. */

const whole = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
const money = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

export const count = (value: number) => (Math.abs(value) < 100_000 ? whole.format(value) : short.format(value))
export const exactly = (value: number) => whole.format(value)
export const number = (value: number) => decimal.format(value)
export const share = (value: number) => percent.format(value)
export const price = (value: number) => money.format(value)
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
export const date = (ms: number) => day.format(ms)
export const time = (ms: number) => moment.format(ms)

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** `3 minutes ago`, `yesterday`. */
export function ago(ms: number, now = Date.now()): string {
  const [unit, length] = units.find(([, length]) => Math.abs(now - ms) >= length) ?? ['second', 1000]
  return relative.format(-Math.round((now - ms) / length), unit)
}

/** Bytes in the unit that reads best. */
export function bytes(value: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let unit = 0
  while (value >= 1024 && unit < names.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${names[unit]}`
}

/** Milliseconds as `0.3 s` or `2 min 10 s`. */
export function duration(ms: number): string {
  if (ms < 1) return 'less than 1 ms'
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** The change against the period before, as `+12 %`; `undefined` where there is nothing to compare with. */
export function change(now: number, before: number): string | undefined {
  if (before === 0) return undefined
  const value = now / before - 1
  return `${value >= 0 ? '+' : '−'}${share(Math.abs(value))}`
}

const interactionNames: Record<string, string> = {
  product_detail_page_view: 'Viewed product',
  add_to_cart: 'Added to cart',
  remove_from_cart: 'Removed from cart',
  checkout: 'Bought',
  viewable_impression: 'Saw in view',
  impression: 'Was shown',
  home_page_view: 'Viewed home page',
  category_page_view: 'Viewed category',
  promo_page_view: 'Viewed promotion',
  product_image_view: 'Viewed picture',
  add_to_collection: 'Saved to collection',
  remove_from_collection: 'Removed from collection',
  search: 'Searched',
  rate: 'Rated',
  like: 'Liked',
  dislike: 'Disliked',
  click: 'Clicked',
  read: 'Read',
  watch: 'Watched',
  listen: 'Listened',
  share: 'Shared',
  bookmark: 'Bookmarked',
  refund: 'Returned',
  subscribe: 'Subscribed',
  unsubscribe: 'Unsubscribed',
  complete: 'Completed',
  submit: 'Submitted',
  feedback: 'Gave feedback',
  custom: 'Custom',
}

/** An interaction type in words. */
export const interaction = (type: string) => interactionNames[type] ?? type
export const interactionTypes = Object.keys(interactionNames)
