// How quick the Dojo's pages are: node bench/pages.mjs [--products 1000000] [--interactions 1000000] [--json]
//
// Without products, on the sample shop. TAMARI_BIN names the program (else target/debug/tamari). The times are taken in the page:
// from the press until the heading is there, nothing is loading and a frame was drawn; a first page from the start of its loading.

import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { launch, open, serve, signIn } from '../tests/served.mjs'

const { values: asked } = parseArgs({ options: { products: { type: 'string', default: '0' }, interactions: { type: 'string', default: '0' }, port: { type: 'string', default: '0' }, json: { type: 'boolean', default: false } } })
const products = Number(asked.products)
const interactions = Number(asked.interactions)
const isLarge = products > 0
const environment = isLarge ? 'development' : 'playground'

const server = await serve({ port: Number(asked.port), demo: !isLarge })
const browser = await launch()
const figures = []
try {
  if (isLarge) await fill()
  await measure()
} finally {
  await browser.close()
  await server.stop()
}
if (asked.json) console.log(JSON.stringify({ products, interactions, figures }))
else for (const { name, first_ms, again_ms } of figures) console.log(`${name.padEnd(46)} ${String(Math.round(first_ms)).padStart(6)} ms first${again_ms === undefined ? '' : ` ${String(Math.round(again_ms)).padStart(6)} ms again`}`)

/** Words that make titles, brands and categories of a catalogue whose words have the usual long tail. */
function words() {
  const begin = ['Al', 'Bor', 'Cin', 'Dal', 'Er', 'Fen', 'Gor', 'Hal', 'Ir', 'Jas', 'Kel', 'Lor', 'Mar', 'Nor', 'Os', 'Pel', 'Quin', 'Ros', 'Sol', 'Tam', 'Ul', 'Var', 'Wil', 'Yor', 'Zel']
  const end = ['a', 'el', 'en', 'ia', 'ik', 'in', 'is', 'o', 'on', 'or', 'um', 'us']
  return begin.flatMap((one) => end.map((two) => one + two))
}

async function fill() {
  const program = process.env.TAMARI_BIN ?? new URL('../../target/debug/tamari', import.meta.url).pathname
  const { secret } = JSON.parse(execFileSync(program, ['keys', '--data', `${server.folder}/data`, '--environment', 'development', '--json']))
  const send = async (set, data) => {
    const answer = await fetch(`${server.address}/v1/${set}?api_key=${secret}`, { method: 'POST', body: JSON.stringify({ data }) })
    if (!answer.ok) throw new Error(`${set}: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
  }
  const all = words()
  // The same in every run.
  let state = 20_26
  const below = (bound) => {
    state = (state * 48271) % 2147483647
    return state % bound
  }
  const rare = () => all[Math.floor(all.length * (below(1_000_000) / 1_000_000) ** 3)]
  const began = performance.now()
  for (let at = 0; at < products; ) {
    const data = []
    for (; data.length < 5_000 && at < products; at += 1) {
      data.push({ product_id: `sku-${at}`, title: `${rare()} ${rare()} ${all[below(all.length)]} ${at}`, brand: `${rare()} & Co`, type: ['thing', 'part', 'set'][below(3)], categories: [[`Hall ${below(12)}`, `Aisle ${below(400)}`]], sale_price: 1 + below(50_000) / 100, rating: 1 + below(41) / 10, availability: below(10) === 0 ? 'OUT_OF_STOCK' : 'IN_STOCK', description: `${rare()} ${rare()} ${rare()} ${rare()} ${rare()} ${rare()}` })
    }
    await send('products', data)
  }
  console.error(`${products} products in ${Math.round((performance.now() - began) / 1000)} s`)
  const again = performance.now()
  const now = Date.now()
  for (let at = 0; at < interactions; ) {
    const data = []
    for (; data.length < 10_000 && at < interactions; at += 1) {
      data.push({ type: ['product_detail_page_view', 'product_detail_page_view', 'product_detail_page_view', 'add_to_cart', 'checkout'][below(5)], user_id: `user-${below(100_000)}`, product_ids: [`sku-${Math.floor(products * (below(1_000_000) / 1_000_000) ** 2)}`], timestamp: new Date(now - below(30 * 86_400) * 1_000).toISOString() })
    }
    await send('interactions', data)
  }
  console.error(`${interactions} interactions in ${Math.round((performance.now() - again) / 1000)} s`)
  // What was uploaded is searched when the index has it all.
  for (;;) {
    const answer = await fetch(`${server.address}/v1/search/search?api_key=${secret}`, { method: 'POST', body: JSON.stringify({ q: String(products - 1), rows: 1, fl: [] }) })
    if ((await answer.json()).data.total > 0) break
    await new Promise((done) => setTimeout(done, 1_000))
  }
}

async function measure() {
  // A browser that was never here: from the address to the sign-in.
  const fresh = await open(browser, server.address)
  fresh.context.setDefaultTimeout(120_000)
  await fresh.page.goto('/dojo/')
  await fresh.page.getByLabel('Password', { exact: true }).waitFor()
  const { page } = fresh
  note('First page of a new visitor: sign-in', await page.evaluate(shownAt))
  await signIn(page, `/dojo/${environment}/overview?period=month`)
  await quiet(page)
  // Signed in, with what the browser has kept.
  const times = []
  for (let time = 0; time < 4; time += 1) {
    await page.goto(`/dojo/${environment}/overview?period=month`)
    await quiet(page)
    times.push(await page.evaluate(shownAt))
  }
  note('First page when signed in: overview with figures', times[0], median(times.slice(1)))
  const pages = ['Sandbox', 'Storefront', 'Data', 'Live', 'Engines', 'Keys and API', 'Settings', 'Overview']
  const moves = new Map(pages.map((name) => [name, []]))
  for (let round = 0; round < 4; round += 1) for (const name of pages) moves.get(name).push(await move(page, `nav a`, name))
  for (const [name, [first, ...again]] of moves) note(`Move to ${name}`, first, median(again))
  await page.goto(`/dojo/${environment}/data/products`)
  await quiet(page)
  const table = async (name, path) => {
    const answers = []
    for (let time = 0; time < 4; time += 1) answers.push(await timed(page, path))
    note(name, answers[0], median(answers.slice(1)))
  }
  await table('Products, the first page', 'data/products')
  await table('Products, search for one common word', `data/products?q=${isLarge ? 'Ala' : 'lamp'}`)
  await table('Products, search for two words', `data/products?q=${isLarge ? 'Alel+Alen' : 'desk+lamp'}`)
  await table('Products, filtered by price and stock', 'data/products?fq=sale_price%3A%5B10+TO+20%5D+AND+availability%3AIN_STOCK')
  await table('Products by title', 'data/products?order=title')
  await table('Products by price', 'data/products?order=dear')
  if (isLarge) {
    await table('Products by title, the last page', `data/products?order=title&page=${Math.ceil(products / 25)}`)
    await table('Products, the last page', `data/products?page=${Math.ceil(products / 25)}`)
  }
  await table('Visitors and users', 'data/users')
  await table('Visitors and users, searched', 'data/users?q=user-99')
  await table('Interactions, latest first', 'data/interactions')
  await table('Interactions of one type', 'data/interactions?type=checkout')
  await table('Quality', 'data/quality')
  await table('Overview of 30 days', 'overview?period=month')
}

function note(name, first_ms, again_ms) {
  figures.push({ name, first_ms, again_ms })
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

async function quiet(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
}

/** Milliseconds from the start of loading to now, a frame drawn. */
function shownAt() {
  return new Promise((done) => requestAnimationFrame(() => done(performance.now())))
}

/** A press on a link, until the page that it leads to is there. */
function move(page, links, name) {
  return page.evaluate(
    ([links, name]) =>
      new Promise((done) => {
        const link = [...document.querySelectorAll(links)].find((one) => one.textContent === name)
        const began = performance.now()
        link.click()
        const look = () => {
          const isThere = document.querySelector('h1') !== null && link.getAttribute('data-status') === 'active' && document.querySelector('main [aria-busy=true]') === null
          if (isThere) done(performance.now() - began)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    [links, name],
  )
}

/** How long the server and the page take for an address, without what the browser keeps of the answer before. */
async function timed(page, path) {
  await page.goto(`/dojo/${environment}/keys`)
  await quiet(page)
  return page.evaluate(
    (to) =>
      new Promise((done) => {
        const began = performance.now()
        history.pushState({}, '', to)
        dispatchEvent(new PopStateEvent('popstate'))
        const look = () => {
          const isThere = document.querySelector('h1') !== null && document.querySelector('h1').textContent !== 'Keys and API' && document.querySelector('main [aria-busy=true]') === null
          if (isThere) done(performance.now() - began)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
    `/dojo/${environment}/${path}`,
  )
}
