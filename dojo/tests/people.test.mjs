// Properties: an administrator lets others in, each as what they are; a viewer is offered nothing that changes something, and
// can change nothing by direct calls; keys are replaced with grace; every snippet works as it is pasted; settings hold; a
// backup brings back what was; the storefront follows what is pressed, and tells the shop; a refused call is shown with its reason.

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { launch, open, passwordOf, serve, signIn } from './served.mjs'

const run = promisify(execFile)
const hostile = '<script>window.__ran = 1</script><img src=x onerror="window.__ran = 1">Tent'

let server, browser, session
const passwords = {}

before(async () => {
  server = await serve()
  browser = await launch()
  session = await open(browser, server.address)
  await signIn(session.page)
  const kinds = ['Tent', 'Stove', 'Lamp', 'Bag']
  const products = Array.from({ length: 40 }, (_, n) => ({ product_id: `PRODUCT_${n}`, title: n === 0 ? hostile : `${kinds[n % 4]} no. ${n}`, categories: [[kinds[n % 4]]], sale_price: 10 + n }))
  await api('POST', 'development/v1/products', { data: products })
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A call as the page makes it, in the name of whoever is signed in there. */
async function api(method, path, body, page = session.page) {
  return page.evaluate(
    async ({ method, path, body }) => {
      const answer = await fetch(`/dojo/api/${path}`, { method, headers: { 'X-Dojo': '1', 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
      return { status: answer.status, body: await answer.json().catch(() => undefined) }
    },
    { method, path, body },
  )
}

async function add(page, name, role) {
  await page.goto('/dojo/production/settings?part=accounts')
  await page.getByRole('button', { name: 'Add somebody' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('radio', { name: role }).check()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  passwords[name] = (await page.getByTestId('made-password').textContent()).trim()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('region', { name: 'Accounts' }).getByText(name).waitFor()
}

test('an administrator lets others in, and a viewer can change nothing', async () => {
  await add(session.page, 'vera', 'Viewer')
  await add(session.page, 'edo', 'Editor')
  const { context, page } = await open(browser, server.address)
  await signIn(page, '/dojo/development/data/products', { name: 'vera', password: passwords.vera })
  await page.getByRole('note').filter({ hasText: 'you see everything and change nothing' }).waitFor()
  await page.getByText('40 products').waitFor()
  assert.equal(await page.getByRole('link', { name: /Upload/ }).count(), 0)
  // What is said fits a viewer: no other environment would help.
  for (const [path, words] of [['data/upload', 'Uploads are for editors'], ['sandbox', 'As a viewer you store nothing'], ['engines', 'This needs the role editor'], ['settings', 'This needs the role editor']]) {
    await page.goto(`/dojo/development/${path}`)
    await page.getByText(words).first().waitFor()
    assert.equal(await page.getByText('sample shop').count(), 0, path)
  }
  await page.goto('/dojo/development/keys')
  await page.getByTestId('key-publishable').waitFor()
  assert.match(await page.getByTestId('key-publishable').textContent(), /^.{4}….{4}$/)
  for (const name of ['Show', 'Replace']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0)
  await page.goto('/dojo/development/settings?part=accounts')
  await page.getByText('Accounts are for administrators').waitFor()
  for (const [method, path, body] of [
    ['POST', 'development/v1/products', { data: [{ product_id: 'x' }] }],
    ['DELETE', 'development/v1/products/PRODUCT_1', undefined],
    ['POST', 'development/keys/_reveal', { kind: 'publishable' }],
    ['PUT', 'development/retention', { days: 1 }],
    ['PUT', 'development/v1/settings/search', { facets: ['brand'] }],
    ['PUT', 'development/records/products', { record: { product_id: 'x' }, version: null }],
    ['GET', 'development/backups', undefined],
    ['POST', 'accounts', { name: 'eve', role: 'administrator' }],
  ]) {
    assert.equal((await api(method, path, body, page)).status, 403, path)
  }
  // Another role ends the session at once.
  await api('PUT', 'accounts/vera', { role: 'editor' })
  await page.getByRole('link', { name: 'Data' }).click({ timeout: 2_000 }).catch(() => undefined)
  await passwordOf(page).waitFor()
  await context.close()
})

test('a key is replaced with grace, and every snippet works as it is pasted', async () => {
  const { page } = session
  await page.goto('/dojo/development/keys')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.waitForFunction(() => document.querySelector('[data-testid=key-secret]').textContent.length === 40)
  const old = await page.getByTestId('key-secret').textContent()
  await page.getByRole('button', { name: 'Replace' }).first().click()
  const dialog = page.getByRole('dialog')
  assert.ok(await dialog.getByRole('button', { name: 'Replace' }).isDisabled())
  await dialog.getByRole('textbox', { name: /Type/ }).fill('development')
  await dialog.getByRole('button', { name: 'Replace' }).click()
  await page.getByText('Replaced keys that still work').waitFor()
  assert.equal((await page.request.get('/v1/products/_ids', { headers: { 'X-API-KEY': old } })).status(), 200)
  await page.getByRole('button', { name: 'Revoke now' }).click()
  await page.getByText('Replaced keys that still work').waitFor({ state: 'detached' })
  assert.equal((await page.request.get('/v1/products/_ids', { headers: { 'X-API-KEY': old } })).status(), 401)

  const code = () => page.getByRole('region', { name: 'Code' }).textContent()
  const beacon = await code()
  assert.ok(!beacon.includes('YOUR_'))
  const shop = await open(browser, server.address)
  await shop.page.goto('/docs/')
  await shop.page.setContent(beacon)
  await session.page.waitForFunction(async () => (await (await fetch('/dojo/api/development/live')).json()).arrivals.length > 0)
  await shop.context.close()
  await page.getByRole('tab', { name: 'curl' }).click()
  await page.getByRole('switch', { name: 'With the secret key' }).press('Space')
  for (const [tab, program, file] of [['curl', 'bash', 'snippet.sh'], ['JavaScript server', 'node', 'snippet.mjs'], ['Python', 'python3', 'snippet.py']]) {
    await page.getByRole('tab', { name: tab }).click()
    for (const example of ['Send an interaction', 'Get recommendations', 'Search']) {
      await page.getByText(example, { exact: true }).click()
      await page.waitForFunction(() => /[A-Za-z0-9]{40}/.test(document.querySelector('[aria-label=Code]').textContent))
      if (tab === 'Python' && !hasRequests()) continue
      const path = join(server.folder, file)
      const fails = { bash: '\n', node: '\nif (!response.ok) process.exit(1)\n', python3: '\n' }[program]
      writeFileSync(path, (await code()).replace(/^curl /, 'curl --fail -sS ') + fails)
      await run(program, [path], { timeout: 20_000 })
    }
  }
})

function hasRequests() {
  try {
    execFileSync('python3', ['-c', 'import requests'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('retention and backups: what is set holds, and a backup brings back what was', async () => {
  const { page } = session
  await api('POST', 'development/v1/interactions', { data: [{ type: 'click', user_id: 'old', product_ids: ['PRODUCT_1'], timestamp: '2020-01-01T00:00:00Z' }] })
  await page.goto('/dojo/development/settings?part=backups')
  await page.getByText('No backup yet').waitFor()
  await page.getByRole('button', { name: 'Make a backup' }).click()
  await page.getByRole('region', { name: 'Backups' }).getByText('Made here').waitFor()
  await page.getByRole('tab', { name: 'Retention' }).click()
  await page.getByRole('switch', { name: 'Remove what is old' }).press('Space')
  await page.getByTestId('older').filter({ hasText: /^1 of/ }).waitFor()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Remove now' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('development')
  await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click()
  await page.getByText('1 interactions were removed').waitFor()
  assert.equal((await api('GET', 'development/person?user_id=old')).status, 404)
  await page.getByRole('tab', { name: 'Backups' }).click()
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('development')
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click()
  await page.getByRole('region', { name: 'Backups' }).getByText('Before a restore').waitFor()
  assert.equal((await api('GET', 'development/person?user_id=old')).body.interactions, 1)
})

test('the storefront follows what is pressed, tells the shop, and runs no script of a title', async () => {
  const { page, complaints } = session
  await page.goto('/dojo/development/storefront')
  const cards = page.getByRole('region', { name: 'Popular with our visitors' }).getByRole('button')
  await cards.first().waitFor()
  const before = (await api('GET', 'development/live')).body.last
  await cards.nth(1).click()
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page.getByRole('button', { name: /^Cart, 1/ }).click()
  await page.getByRole('button', { name: /^Buy for/ }).click()
  await page.waitForFunction(async (before) => {
    const { arrivals } = await (await fetch(`/dojo/api/development/live?after=${before}`)).json()
    const types = arrivals.map(({ interaction }) => interaction.type)
    return ['impression', 'product_detail_page_view', 'add_to_cart', 'checkout'].every((type) => types.includes(type))
  }, before)
  const { arrivals } = (await api('GET', `development/live?after=${before}`)).body
  const viewed = arrivals.find(({ interaction }) => interaction.type === 'product_detail_page_view').interaction
  assert.match(viewed.miso_id, /^[0-9a-f-]{36}$/)
  await page.getByRole('button', { name: 'Your shop' }).click()
  await page.getByRole('region', { name: 'Picked for you' }).getByRole('button').first().waitFor()
  await page.getByRole('combobox', { name: 'Search the shop' }).or(page.getByRole('textbox', { name: 'Search the shop' })).first().fill('tent')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Results' }).getByText(/for “tent”/).waitFor()
  await page.goto('/dojo/development/storefront?product=PRODUCT_0')
  await page.getByRole('heading', { name: hostile }).waitFor()
  assert.equal(await page.evaluate('window.__ran'), undefined)
  assert.deepEqual(complaints, [])
})

test('in the playground nothing is stored, and the shelves follow all the same', async () => {
  const { page } = session
  await page.goto('/dojo/playground/storefront')
  const first = page.getByRole('region', { name: 'Popular with our visitors' }).getByRole('button').first()
  await first.waitFor()
  const title = await first.locator('.card-title').textContent()
  const before = (await api('GET', 'playground/live')).body.last
  await first.click()
  await page.getByRole('heading', { name: title }).waitFor()
  await page.getByRole('button', { name: 'Your shop' }).click()
  const picked = page.getByRole('region', { name: 'Picked for you' })
  await picked.getByRole('button').first().waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  assert.ok(!(await picked.locator('.card-title').allTextContents()).includes(title), 'what was just seen is not picked')
  assert.equal((await api('GET', 'playground/live')).body.last, before)
})

test('a refused call is shown with its reason and without who it was about', async () => {
  const { page } = session
  const { text } = (await api('POST', 'development/keys/_reveal', { kind: 'secret' })).body
  await page.request.post('/v1/interactions', { headers: { 'X-API-KEY': text }, data: { data: [{ type: 'click', user_id: 'erika', product_ids: 'one' }] } })
  await page.goto('/dojo/development/data/quality')
  const row = page.locator('details').filter({ hasText: 'data.0.product_ids is invalid' }).first()
  await row.locator('summary').click()
  await row.getByRole('region', { name: 'How the body began' }).waitFor()
  assert.ok(!(await row.textContent()).includes('erika'))
})

test('the palette leads to pages and records by the keyboard alone', async () => {
  const { page } = session
  await page.goto('/dojo/development/overview')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).fill('live')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/development/live')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).fill('stove')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/data/products?q=stove')
})
