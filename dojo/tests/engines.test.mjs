// Properties of the Engines page: a training is followed and its version put in use; a version that does worse is kept out, says
// why, and is used only after a question; versions are rolled back and deleted; a training is cancelled; an engine is made with
// what the data offers, and a wrong schedule is refused in words; the page with all of it passes axe and fits a phone.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { launch, open, serve, signIn } from './served.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let server, browser, session

before(async () => {
  server = await serve()
  browser = await launch()
  session = await open(browser, server.address)
  await signIn(session.page, '/dojo/development/engines')
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

/** A call of the API as our own pages send it. */
async function call(method, path, data) {
  const answer = await session.page.request.fetch(`/dojo/api/development/v1/${path}`, { method, headers: { 'X-Dojo': '1' }, data })
  assert.equal(answer.status(), 200, await answer.text())
  return (await answer.json()).data
}

/** Numbers that look like chance, the same in every run. */
function chance(seed) {
  let state = seed
  return (below) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

/** Page views of so many visitors; `product` gives the product of a visitor's step. */
async function visits(name, visitors, steps, product, day = '2026-01-02') {
  const start = Date.parse(`${day}T00:00:00Z`)
  const data = []
  for (let visitor = 0; visitor < visitors; visitor += 1) {
    for (let step = 0; step < steps; step += 1) {
      data.push({ type: 'product_detail_page_view', user_id: `${name}-${visitor}`, product_ids: [`p${product(visitor, step)}`], timestamp: new Date(start + ((visitor * 37 + step * 20) % 86400) * 1000).toISOString() })
    }
  }
  while (data.length > 0) await call('POST', 'interactions', { data: data.splice(0, 10_000) })
}

const panel = () => session.page.getByRole('region', { name: 'Engine default' })
const rows = () => session.page.getByRole('region', { name: 'Versions of default' }).locator('tbody tr')

test('a training is followed, and its version is put in use', async () => {
  const { page } = session
  await call('POST', 'products', { data: Array.from({ length: 100 }, (_, n) => ({ product_id: `p${n}`, title: `Thing ${n}`, margin: 1 + (n % 7), sale_price: 5 + n })) })
  await visits('clear', 100, 9, (visitor, step) => (visitor % 10) * 10 + ((Math.floor(visitor / 10) + step) % 10))
  await panel().getByRole('button', { name: 'Train now' }).click()
  await panel().getByText('Trained. The new model is in use.').waitFor({ timeout: 60_000 })
  assert.equal(await rows().count(), 1)
  await rows().first().getByText('In use').waitFor()
  await rows().first().getByText('900 interactions').waitFor()
  await panel().getByText('What is popular', { exact: true }).waitFor()
})

test('a version that does worse is kept out, and used only after a question', async () => {
  const { page } = session
  await call('DELETE', 'interactions', { user_ids: Array.from({ length: 100 }, (_, visitor) => `clear-${visitor}`) })
  const below = chance(7)
  await visits('noise', 600, 9, () => below(100), '2026-01-01')
  await visits('clear-too', 80, 9, (visitor, step) => (visitor % 10) * 10 + ((Math.floor(visitor / 10) + step) % 10), '2026-01-03')
  await panel().getByRole('button', { name: 'Train now' }).click()
  await panel().getByText('The new version was kept out').waitFor({ timeout: 60_000 })
  assert.equal(await rows().count(), 2)
  await rows().first().getByText('Kept out').waitFor()
  await rows().first().getByText(/did worse/).waitFor()
  await panel().getByRole('heading', { name: 'From version to version' }).waitFor()
  assert.match(await panel().getByRole('img', { name: /This model 0\.\d{3}, What is popular 0\.\d{3}/ }).getAttribute('aria-label'), /\. /, 'both versions')
  const dialog = page.getByRole('dialog', { name: 'Use it nevertheless?' })
  await rows().first().getByRole('button', { name: /^Use anyway/ }).click()
  await dialog.getByText(/did worse/).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await rows().nth(1).getByText('In use').waitFor()
  await rows().first().getByRole('button', { name: /^Use anyway/ }).click()
  await dialog.getByRole('button', { name: 'Use it' }).click()
  await rows().first().getByText('In use').waitFor()
})

test('versions are rolled back and deleted', async () => {
  const { page } = session
  await rows().nth(1).getByRole('button', { name: /^Roll back/ }).click()
  await rows().nth(1).getByText('In use').waitFor()
  assert.equal(await rows().nth(1).getByRole('button').count(), 0, 'the one in use cannot be deleted')
  await rows().first().getByRole('button', { name: /^Delete/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.waitForFunction(() => document.querySelectorAll('[aria-label="Versions of default"] tbody tr').length === 1)
  await page.reload()
  await rows().first().getByText('In use').waitFor()
})

test('a training is cancelled, and what was in use stays', async () => {
  const { page } = session
  const below = chance(3)
  await visits('many', 3000, 12, (visitor) => (visitor % 20) * 100 + below(100))
  await panel().getByRole('button', { name: 'Train now' }).click()
  await panel().getByRole('button', { name: 'Cancel the training' }).click()
  await panel().getByText('The training was cancelled.').waitFor()
  assert.equal(await rows().count(), 1)
  await rows().first().getByText('In use').waitFor()
})

test('an engine is made with what the data offers', async () => {
  const { page } = session
  await page.getByRole('button', { name: 'New engine' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('revenue')
  await dialog.getByRole('textbox', { name: 'Optimise for' }).click()
  await page.getByRole('option', { name: /^Viewed product \(42,120\)$/ }).click()
  await page.keyboard.press('Escape')
  await dialog.getByRole('textbox', { name: 'Weight by' }).click()
  await page.getByRole('option', { name: /^margin \(100 products\)$/ }).click()
  await dialog.getByRole('slider', { name: 'How much it weighs' }).press('ArrowLeft')
  await dialog.getByText('How much it weighs: 95 %').waitFor()
  await dialog.getByRole('textbox', { name: 'Train' }).click()
  await page.getByRole('option', { name: 'By another schedule…' }).click()
  await dialog.getByLabel('Schedule').fill('61 4 * * *')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/schedule is invalid.*minute/).waitFor()
  await dialog.getByLabel('Schedule').fill('30 4 * * 1-5')
  await dialog.getByRole('button', { name: 'Save' }).click()
  const made = page.getByRole('region', { name: 'Engine revenue' })
  await made.getByText('weighted by margin (95 %)').waitFor()
  await made.getByText('30 4 * * 1-5').waitFor()
  const { engines } = await call('GET', 'engines')
  const { optimize_for, weight_by, weight_power } = engines.find(({ engine_id }) => engine_id === 'revenue')
  assert.deepEqual([optimize_for, weight_by, weight_power], [['product_detail_page_view'], 'margin', 0.95])
})

test('the page passes axe with all of it, and fits a phone', async () => {
  const { page, complaints } = session
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await page.goto('/dojo/development/engines')
    await rows().first().waitFor()
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
    assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`)), [])
  }
  await page.setViewportSize({ width: 375, height: 720 })
  await page.waitForFunction(() => document.documentElement.scrollWidth <= 375)
  assert.deepEqual(complaints, [])
})
