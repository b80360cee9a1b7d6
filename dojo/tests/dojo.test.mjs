// Properties: the password is asked for; a newcomer comes from two files to recommendations; nothing in a catalogue runs as a
// script; what is deleted was confirmed; a lost connection costs nothing; calls from elsewhere are refused; every page passes
// axe in light and dark, fits a phone, loads nothing from elsewhere and complains of nothing.
//
// With TAMARI_SCREENSHOTS=1 the pages are also written to docs/screenshots/.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { settled, shoot } from './look.mjs'
import { launch, open, password, passwordOf, serve, signIn } from './served.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const hostile = '<script>window.__ran = 1</script><img src=x onerror="window.__ran = 1">Mug "large"'

let server, browser, session
const files = {}

before(async () => {
  server = await serve()
  browser = await launch()
  session = await open(browser, server.address)
  writeFiles(server.folder)
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A small shop: 60 products of 6 kinds, 80 visitors who stay with one kind each, two rows that are wrong. */
function writeFiles(folder) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`
  const kinds = ['Mugs', 'Bowls', 'Plates', 'Lamps', 'Chairs', 'Rugs']
  const products = ['SKU,Name,Price,Category,Made in,Image URL']
  for (let n = 0; n < 60; n += 1) {
    const kind = kinds[n % kinds.length]
    const title = n === 0 ? hostile : `${kind.slice(0, -1)} no. ${n}`
    products.push([`p${n}`, quoted(title), (5 + n).toFixed(2), `Home > ${kind}`, 'Kyoto', ''].join(','))
  }
  products.push(',No id at all,1.00,Home,,', 'p-bad,Wrong price,free,Home,,')
  const events = ['visitor_id,item,event,when']
  const now = Date.now()
  for (let visitor = 0; visitor < 80; visitor += 1) {
    for (let step = 0; step < 8; step += 1) {
      const item = (visitor % kinds.length) + kinds.length * ((visitor * 3 + step * 7) % 10)
      events.push([`v${visitor}`, `p${item}`, step % 4 === 3 ? 'purchase' : 'view', new Date(now - (visitor * 60 + step) * 60_000).toISOString()].join(','))
    }
  }
  for (const [name, lines] of Object.entries({ 'catalogue.csv': products, 'events.csv': events, 'letter.pdf': ['%PDF-1.7'] })) {
    files[name] = join(folder, name)
    writeFileSync(files[name], `${lines.join('\r\n')}\r\n`)
  }
}

const upload = async (page, name) => page.locator('input[type=file]').setInputFiles(files[name])

test('the password is asked for, and a wrong one is refused', async () => {
  const { page } = session
  await page.goto('/dojo/playground/sandbox')
  await passwordOf(page).fill('not the one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').filter({ hasText: 'not its password' }).waitFor()
  if (process.env.TAMARI_SCREENSHOTS) await page.reload()
  await signIn(page, '/dojo/playground/sandbox')
  assert.equal(new URL(page.url()).pathname, '/dojo/playground/sandbox', 'the deep link is kept')
})

test('the playground works at once: answers follow what is pressed', async () => {
  const { page } = session
  const cards = page.getByRole('list', { name: 'Recommended products' }).getByRole('button')
  await cards.first().waitFor()
  const titles = () => cards.locator('.card-title').allTextContents()
  const earlier = await titles()
  assert.equal(earlier.length, 12)
  await cards.nth(3).click()
  await page.waitForFunction((first) => JSON.stringify([...document.querySelectorAll('.cards .card-title')].map((one) => one.textContent)) !== first, JSON.stringify(earlier))
  assert.ok(!(await titles()).includes(earlier[3]), 'what was just seen is not recommended')
  // A rule holds for every card, and each says why it is there.
  await page.getByRole('button', { name: 'Filters, boosts and reasons' }).click()
  await page.getByLabel('Only').fill('brand:"Velmarsh"')
  await page.getByLabel('Only').press('Enter')
  await page.getByRole('switch', { name: 'Say why each product is there' }).press('Space')
  await page.waitForFunction(() => [...document.querySelectorAll('.cards .card-text')].every((card) => card.textContent.includes('Velmarsh') && /\d ?%/.test(card.querySelector('.why')?.textContent ?? '')))
  // A reason is of the answer that is shown: with the next visitor, none of the one before stays to be read.
  const reasons = () => page.locator('.why').evaluateAll((all) => all.filter((one) => one.style.visibility !== 'hidden').length)
  assert.ok((await reasons()) > 0)
  await page.getByRole('switch', { name: 'Say why each product is there' }).press('Space')
  await page.waitForFunction(() => document.querySelectorAll('.why').length === 0)
  await page.getByRole('button', { name: 'Request and answer' }).click()
  await page.getByRole('region', { name: 'The request as code' }).filter({ hasText: 'brand:' }).waitFor()
  await page.getByRole('tab', { name: 'Categories' }).click()
  await page.getByText('By brand', { exact: true }).click()
  await page.getByRole('region', { name: 'Velmarsh' }).getByRole('button').first().waitFor()
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('list', { name: 'Recommended products' }).getByText(earlier[3]).waitFor()
  await page.getByRole('tab', { name: 'Search' }).click()
  await page.getByRole('textbox', { name: 'Search for' }).fill('lamp')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByText(/^\d+ products in/).waitFor()
  await page.getByRole('list', { name: 'Products found' }).getByRole('button').first().waitFor()
})

test('a file of another kind is refused with the reason', async () => {
  const { page } = session
  await page.goto('/dojo/development/data/upload')
  await upload(page, 'letter.pdf')
  await page.getByRole('alert').filter({ hasText: 'letter.pdf is a PDF' }).waitFor()
})

test('a newcomer comes from two files to recommendations', async () => {
  const { page } = session
  const steps = page.getByRole('region', { name: 'First steps' })
  const walked = async (count, next) => {
    await page.goto('/dojo/development/overview')
    await steps.getByText(`${count} of 5`).waitFor()
    assert.equal(await steps.locator('[data-next=true]').getByRole('link').textContent(), next)
  }
  await walked(0, 'Upload products')
  await page.getByRole('link', { name: 'Upload products' }).click()
  await page.waitForURL('**/data/products')
  await page.getByRole('link', { name: 'Upload products' }).click()
  await upload(page, 'catalogue.csv')
  assert.equal(await page.getByRole('textbox', { name: 'Meaning of SKU' }).inputValue(), 'Product id (required)')
  assert.equal(await page.getByRole('textbox', { name: 'Meaning of Name' }).inputValue(), 'Title')
  await page.getByTestId('outlook').getByText('60 products, 2 rows rejected').waitFor()
  await page.getByRole('button', { name: 'Import products' }).click()
  await page.getByRole('heading', { name: '60 products imported' }).waitFor()
  assert.equal(await page.getByTestId('rejected').textContent(), '2')
  await page.getByText('original_price must be a number, but is "free"').waitFor()

  await walked(1, 'Upload interactions')
  await page.goto('/dojo/development/data/upload?set=interactions')
  // The server is out of reach for a moment: the upload waits and goes on by itself.
  let refusals = 2
  await page.route('**/parts*', (route) => (refusals-- > 0 ? route.abort() : route.continue()))
  await upload(page, 'events.csv')
  await page.getByRole('button', { name: 'Import interactions' }).click()
  await page.getByRole('heading', { name: '640 interactions imported' }).waitFor()
  await page.unroute('**/parts*')
  assert.ok(refusals < 0, 'it was out of reach')

  await walked(2, 'Train the engine')
  await steps.getByRole('link', { name: 'Train the engine' }).click()
  await page.getByRole('button', { name: 'Train now' }).click()
  await page.getByText('Trained. The new model is in use.').waitFor()
  await page.getByRole('table').getByText('In use').waitFor()

  await walked(3, 'Try it')
  await steps.getByRole('link', { name: 'Try it' }).click()
  await page.getByRole('textbox', { name: 'Be somebody else' }).fill('v12')
  await page.getByRole('option', { name: /v12/ }).click()
  await page.getByTestId('visitor').getByText('v12').waitFor()
  const cards = page.getByRole('list', { name: 'Recommended products' }).getByRole('button')
  await cards.first().waitFor()
  await cards.first().click()
  await page.getByRole('link', { name: 'Live' }).click()
  await page.getByText('v12').first().waitFor()
  // The click quotes the answer in which it was made, and counts for it.
  const { arrivals } = await (await page.request.get('/dojo/api/development/live')).json()
  const click = arrivals.find(({ interaction }) => interaction.anonymous_id === 'v12')
  assert.match(click.interaction.miso_id, /^[0-9a-f-]{36}$/)
  await walked(4, 'Get the code')
  await steps.getByRole('link', { name: 'Get the code' }).click()
  await page.getByRole('heading', { name: 'Keys and API' }).waitFor()
  await page.goto('/dojo/development/overview')
  await page.getByText('All is well').waitFor()
  assert.equal(await steps.count(), 0, 'the way is walked')
})

test('nothing in a catalogue runs as a script', async () => {
  const { page } = session
  for (const path of ['data/products/p0', 'data/products?q=mug', 'data/interactions', 'sandbox?ask=related&product=p0', 'sandbox?ask=search&q=mug', 'overview']) {
    await page.goto(`/dojo/development/${path}`)
    await settled(page)
    assert.equal(await page.evaluate('window.__ran'), undefined, path)
  }
  await page.goto('/dojo/development/data/products/p0')
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), hostile)
})

test('a product that was deleted is back at the press of a button', async () => {
  const { page } = session
  await page.goto('/dojo/development/data/products/p59')
  const before = await page.getByRole('heading', { level: 1 }).textContent()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('59 products').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('The product is back.').waitFor()
  await page.getByText('60 products').waitFor()
  await page.goto('/dojo/development/data/products/p59')
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), before)
  // Many at once, in the order of their titles.
  await page.goto('/dojo/development/data/products')
  await page.getByRole('button', { name: 'Product', exact: true }).click()
  await page.waitForURL('**order=title')
  await page.waitForFunction(() => document.querySelector('[aria-sort=ascending]') !== null && document.querySelector('tbody tr .row-link')?.textContent.startsWith('<script>'))
  await page.getByRole('checkbox', { name: 'Mark all of this page' }).click()
  await page.getByRole('button', { name: 'Delete 25 marked' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('35 products').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('25 products are back.').waitFor()
  await page.getByText('60 products').waitFor()
})

test('what people did is erased only after it was typed', async () => {
  const { page } = session
  const data = ['p1', 'p2', 'p3'].map((id) => ({ type: 'product_detail_page_view', user_id: 'erika', product_ids: [id] }))
  assert.equal((await page.request.post('/dojo/api/development/v1/interactions', { headers: { 'X-Dojo': '1' }, data: { data } })).status(), 200)
  await page.goto('/dojo/development/data/users?q=erika')
  await page.getByRole('link', { name: 'erika' }).click()
  await page.getByText('3 events').waitFor()
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  assert.ok(await dialog.getByRole('button', { name: 'Delete' }).isDisabled())
  await dialog.getByRole('textbox').fill('erika')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await page.waitForURL('**/data/users')
  await page.goto('/dojo/development/data/users/user/erika')
  await page.getByText('not found').first().waitFor()
})

test('a secret key is in the page only when it is asked for', async () => {
  const { page } = session
  await page.goto('/dojo/development/keys')
  const key = page.getByTestId('key-secret')
  assert.match(await key.textContent(), /^.{4}….{4}$/)
  await page.getByRole('button', { name: 'Show' }).click()
  await page.waitForFunction(() => document.querySelector('[data-testid=key-secret]').textContent.length === 40)
  const answer = await page.request.get('/v1/products/_ids', { headers: { 'X-API-KEY': await key.textContent() } })
  assert.equal(answer.status(), 200)
})

test('calls from another site are refused, although it is signed in', async () => {
  const elsewhere = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<title>elsewhere</title>'))
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done))
  const page = await session.context.newPage()
  await page.goto(`http://127.0.0.1:${elsewhere.address().port}/`)
  const target = `${server.address}/dojo/api/development/v1/products`
  // Another port is the same site: the cookie goes along, so that only our own checks stand in the way.
  const outcomes = await page.evaluate(async (target) => {
    const body = JSON.stringify({ data: [{ product_id: 'smuggled' }] })
    const attempts = [
      { method: 'POST', body, credentials: 'include', mode: 'no-cors' },
      { method: 'POST', body, credentials: 'include', headers: { 'X-Dojo': '1' } },
      { method: 'GET', credentials: 'include' },
    ]
    return Promise.all(attempts.map((options) => fetch(target, options).then((answer) => answer.type, () => 'refused')))
  }, target)
  assert.deepEqual(outcomes, ['opaque', 'refused', 'refused'])
  await page.evaluate((target) => {
    const form = Object.assign(document.createElement('form'), { method: 'POST', action: target, enctype: 'text/plain' })
    form.append(Object.assign(document.createElement('input'), { name: '{"data":[{"product_id":"smuggled"}],"x":"', value: '"}' }))
    document.body.append(form)
    form.submit()
  }, target)
  await page.getByText('own pages only').waitFor()
  await page.close()
  elsewhere.close()
  const answer = await session.page.request.get(`${target}/smuggled`)
  assert.equal(answer.status(), 404)
})

const pages = [
  ['overview', 'playground/overview?period=week'],
  ['sandbox', 'playground/sandbox'],
  ['search', 'playground/sandbox?ask=search&q=lamp'],
  ['categories', 'playground/sandbox?ask=groups'],
  ['products', 'playground/data/products'],
  ['product', 'playground/data/products/LAM-1124-1'],
  ['people', 'playground/data/users'],
  ['person', 'playground/data/users/user/user-10416'],
  ['interactions', 'playground/data/interactions'],
  ['quality', 'playground/data/quality'],
  ['upload', 'development/data/upload'],
  ['live', 'development/live'],
  ['related', 'playground/sandbox?ask=related&product=LAM-1124-1'],
  ['engines', 'playground/engines'],
  ['engines-own', 'development/engines'],
  ['keys', 'production/keys'],
  ['settings', 'development/settings'],
  ['retention', 'production/settings?part=retention'],
  ['backups', 'production/settings?part=backups'],
  ['accounts', 'production/settings?part=accounts'],
  ['you', 'production/settings?part=you'],
  ['server', 'production/settings?part=server'],
  ['storefront', 'playground/storefront'],
  ['storefront-product', 'playground/storefront?product=LAM-1124-1'],
  ['storefront-search', 'playground/storefront?q=lamp'],
  ['empty', 'production/overview'],
]

for (const scheme of ['light', 'dark']) {
  test(`every page passes axe in ${scheme}`, async () => {
    const { context, page, complaints, foreign } = await open(browser, server.address, { colorScheme: scheme })
    await page.goto('/dojo/')
    await passwordOf(page).waitFor()
    const found = await check(page, 'sign-in', scheme)
    await signIn(page)
    for (const [name, path] of pages) {
      await page.goto(`/dojo/${path}`)
      await settled(page)
      found.push(...(await check(page, name, scheme)))
    }
    assert.deepEqual(found, [])
    assert.deepEqual(complaints, [])
    assert.deepEqual(foreign, [], 'nothing is loaded from elsewhere')
    await context.close()
  })
}

async function check(page, name, scheme) {
  // The policy of the page lets no script in from outside; the test comes through the debugger.
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  await shoot(page, `${name}-${scheme}`)
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${name}: ${id}: ${node.html.slice(0, 160)} ${[...node.any, ...node.all, ...node.none][0]?.message ?? ''}`))
}

test('every page fits a phone', async () => {
  const { context, page } = await open(browser, server.address, { viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true })
  await signIn(page)
  for (const [name, path] of pages) {
    await page.goto(`/dojo/${path}`)
    await settled(page)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(width <= 375, `${name} is ${width} wide`)
    if (['overview', 'sandbox', 'products', 'storefront'].includes(name)) await shoot(page, `${name}-phone`)
  }
  await page.getByRole('button', { name: 'Open the menu' }).click()
  await page.getByRole('link', { name: 'Engines' }).click()
  await page.getByRole('heading', { name: 'Engines' }).waitFor()
  await context.close()
})

test('the keyboard is enough', async () => {
  const { page } = session
  await page.goto('/dojo/playground/overview')
  await settled(page)
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the page')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: /Production/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/dojo/production/overview')
})

test('signing out ends the session, and a session that ended asks for the password', async () => {
  const { context, page } = await open(browser, server.address)
  await signIn(page, '/dojo/development/engines')
  await context.clearCookies()
  // The next call finds out; a page that asks by itself may be quicker than the click.
  await page.getByRole('link', { name: 'Data' }).click({ timeout: 2_000 }).catch(() => undefined)
  await passwordOf(page).waitFor()
  await signIn(page, '/dojo/development/engines')
  await page.getByTestId('account').click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await passwordOf(page).waitFor()
  assert.equal((await page.request.get('/dojo/api/server')).status(), 401)
  assert.ok(!(await context.storageState()).cookies.some((cookie) => cookie.value.includes(password)))
  await context.close()
})
