// Properties of the settings of search: what is not searched is not found, what counts more goes first; facets are offered in
// sandbox and storefront as they were set, and narrow what is found; all of it is undone with a press and by the rule; the page
// passes axe and fits a phone.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { look } from './look.mjs'
import { launch, open, serve, signIn } from './served.mjs'

let server, browser, session

before(async () => {
  server = await serve({ demo: false })
  browser = await launch()
  session = await open(browser, server.address)
  await signIn(session.page, '/dojo/development/settings')
  const wood = ['oak', 'beech', 'walnut']
  const products = Array.from({ length: 30 }, (_, n) => ({ product_id: `c${n}`, title: `Chair ${n}`, brand: n % 2 === 0 ? 'Nord' : 'Süd', categories: [['Seats']], custom_attributes: { wood: wood[n % 3], made_in: 'Japan' } }))
  await api('POST', 'products', { data: products })
  await api('POST', 'products', { data: [{ product_id: 't1', title: 'Table', tags: ['oak'] }] })
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

async function api(method, path, data) {
  const answer = await session.page.request.fetch(`/dojo/api/development/v1/${path}`, { method, headers: { 'X-Dojo': '1' }, data })
  assert.equal(answer.status(), 200, await answer.text())
  return (await answer.json()).data
}

const found = async (q) => (await api('POST', 'search/search', { q, rows: 50, fl: [] })).products.map(({ product_id }) => product_id)

async function eventually(what, holds) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.fail(what)
}

const section = (name) => session.page.locator('section', { has: session.page.getByRole('heading', { name, exact: true }) })
const level = (field, label) => session.page.locator(`[role=radiogroup][aria-labelledby="field-${field}"]`).getByText(label, { exact: true })

test('what is turned off is not found, and what counts more goes first', async () => {
  const { page } = session
  await eventually('all are found', async () => (await found('oak')).length === 11)
  assert.equal((await found('oak'))[0], 't1', 'a tag counts more than an attribute')
  await page.reload()
  await level('custom_attributes.wood', 'More').click()
  await level('brand', 'Off').click()
  await section('What is searched').getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved. Where attributes changed').waitFor()
  await eventually('the attribute counts as a tag', async () => (await found('oak'))[0] !== 't1')
  assert.deepEqual(await found('nord'), [])
  await level('custom_attributes.wood', 'Off').click()
  await section('What is searched').getByRole('button', { name: 'Undo' }).click()
  assert.ok(await section('What is searched').getByRole('button', { name: 'Save' }).isDisabled())
  await section('What is searched').getByRole('button', { name: 'All as a rule' }).click()
  await eventually('it is as it was', async () => (await found('nord')).length === 15 && (await found('oak'))[0] === 't1')
})

test('facets are offered as they were set, in sandbox and storefront', async () => {
  const { page } = session
  await page.goto('/dojo/development/settings')
  const facets = page.getByRole('list', { name: 'Facets' }).getByRole('listitem')
  await facets.first().waitFor()
  await page.getByRole('textbox', { name: 'Offer another facet' }).click()
  await page.getByRole('option', { name: 'Made in' }).click()
  await page.getByRole('textbox', { name: 'Offer another facet' }).click()
  await page.getByRole('option', { name: 'Wood' }).click()
  await page.getByRole('button', { name: 'Move Wood up' }).press('Enter')
  await page.getByRole('button', { name: 'Do not offer Categories' }).click()
  assert.deepEqual(await facets.evaluateAll((all) => all.map((one) => one.dataset.facet)), ['brand', 'color', 'size', 'tags', 'custom_attributes.wood', 'custom_attributes.made_in'])
  await section('Facets').getByRole('button', { name: 'Save' }).click()
  await page.getByText('The facets are offered as you set them.').waitFor()
  for (const address of ['sandbox?ask=search&q=chair', 'storefront?q=chair']) {
    await page.goto(`/dojo/development/${address}`)
    await page.getByRole('group', { name: 'Wood' }).waitFor()
    assert.equal(await page.getByRole('group', { name: 'Categories' }).count(), 0, address)
    await page.getByRole('checkbox', { name: /^oak 10/ }).click()
    await page.getByText(/^10 (products|for)/).waitFor()
    await page.getByRole('checkbox', { name: /^beech 10/ }).click()
    await page.getByText(/^20 (products|for)/).waitFor()
    await page.getByRole('checkbox', { name: /^Nord/ }).click()
    await page.getByText(/^10 (products|for)/).waitFor()
  }
  await page.goto('/dojo/development/settings')
  await section('Facets').getByRole('button', { name: 'As a rule' }).click()
  await page.waitForFunction(() => document.querySelector('[data-facet=categories]') !== null)
})

test('the page passes axe in light and dark, fits a phone, and complains of nothing', async () => {
  const { page, complaints } = session
  await page.goto('/dojo/development/settings')
  await page.getByRole('list', { name: 'Facets' }).waitFor()
  assert.deepEqual(await look(page, 'settings-search'), [])
  await page.setViewportSize({ width: 375, height: 720 })
  await page.waitForFunction(() => document.documentElement.scrollWidth <= 375)
  assert.deepEqual(complaints, [])
})
