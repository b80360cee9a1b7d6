// Properties: a shop's export and a public log of ratings go from the file to recommendations; a file goes on after a reload, a
// lost connection and a restart of the server in the middle; its mapping is changed field by field and kept by name; a wrong
// file is refused at once; records are searched, filtered, edited with a conflict noticed, exported, deleted, wiped; nothing in
// them runs as a script; every step passes axe in light and dark.
//
// The files are the public ones beside the project where they are (../shared/data), or else small ones of the same shape.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { look, settled } from './look.mjs'
import { launch, open, password, passwordOf, serve, signIn } from './served.mjs'

const data = process.env.TAMARI_DATA ?? new URL('../../../shared/data', import.meta.url).pathname
const port = Number(process.env.DOJO_TEST_PORT ?? 17874)
const hostile = '<script>window.__ran = 1</script><img src=x onerror="window.__ran = 1">Mug'

let server, browser, session
const files = {}

before(async () => {
  server = await serve({ port, demo: false })
  browser = await launch()
  session = await open(browser, server.address)
  session.context.setDefaultTimeout(90_000)
  writeFiles(join(server.folder, 'files'))
  await signIn(session.page)
})

after(async () => {
  await browser?.close()
  await server?.stop()
})

const quoted = (cell) => `"${String(cell).replaceAll('"', '""')}"`
const csv = (rows) => `${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`

/** Small files of the shape of the public ones: variants in HTML with Shopify's columns, and MovieLens's columns. */
function writeFiles(folder) {
  mkdirSync(folder, { recursive: true })
  const write = (name, text) => {
    files[name] = join(folder, name)
    writeFileSync(files[name], text)
  }
  const shopify = join(data, 'shopify-sample/fashion.csv')
  if (existsSync(shopify)) files['fashion.csv'] = shopify
  else {
    const head = ['Handle', 'Title', 'Body (HTML)', 'Vendor', 'Type', 'Tags', 'Published', 'Option1 Name', 'Option1 Value', 'Option2 Name', 'Option2 Value', 'Option3 Name', 'Option3 Value', 'Variant SKU', 'Variant Grams', 'Variant Inventory Tracker', 'Variant Inventory Qty', 'Variant Inventory Policy', 'Variant Price', 'Variant Compare At Price', 'Image Src', 'Google Shopping / Gender', 'Google Shopping / Age Group']
    const rows = [head]
    for (let n = 0; n < 40; n += 1) {
      for (const [at, size] of ['Small', 'Medium'].entries()) {
        const first = at === 0
        rows.push([`shirt-${n}`, first ? `Shirt no. ${n}` : '', first ? '<p>Soft <em>cotton</em>.</p>' : '', first ? 'Needle & Co' : '', first ? 'Shirts' : '', first ? 'cotton, summer' : '', first ? 'true' : '', first ? 'Size' : '', size, '', '', '', '', `s-${n}-${size}`, 200, 'shopify', 4, 'deny', 20 + n, '', '', '', ''])
      }
    }
    write('fashion.csv', csv(rows))
  }
  const movies = join(data, 'ml-latest-small')
  if (existsSync(join(movies, 'ratings.csv'))) {
    files['movies.csv'] = join(movies, 'movies.csv')
    files['ratings.csv'] = join(movies, 'ratings.csv')
  } else {
    const genres = ['Comedy', 'Drama', 'Thriller', 'Animation']
    write('movies.csv', csv([['movieId', 'title', 'genres'], ...Array.from({ length: 80 }, (_, n) => [n + 1, `Film ${n + 1} (19${60 + (n % 40)})`, `${genres[n % 4]}|Adventure`])]))
    const ratings = [['userId', 'movieId', 'rating', 'timestamp']]
    for (let user = 1; user <= 60; user += 1) for (let step = 0; step < 15; step += 1) ratings.push([user, ((user % 4) + 4 * ((user * 3 + step * 5) % 20)) + 1, step % 5 === 0 ? 2 : 4.5, 1_500_000_000 + user * 10_000 + step])
    write('ratings.csv', csv(ratings))
  }
  write('mugs.csv', csv([['Code', 'Label', 'Cost', 'Words'], ['m1', hostile, '9.90', 'a|b'], ['m2', 'Bowl', 'on request', 'c|d'], ['m3', 'Plate', '12', 'e|f']]))
  write('more-mugs.csv', csv([['Code', 'Label', 'Cost', 'Words'], ['m4', 'Jug', '30', 'g|h']]))
  write('large.csv', csv([['product_id', 'title', 'description'], ...Array.from({ length: 12_000 }, (_, n) => [`big${n}`, `Thing ${n}`, 'x'.repeat(1_000)])]))
  writeFileSync((files['letter.pdf'] = join(folder, 'letter.pdf')), '%PDF-1.7 hello')
}

const choose = (page, name) => page.locator('input[type=file]').setInputFiles(files[name])
const imported = (page) => page.getByRole('heading', { name: /imported$/ })
const meaning = (page, column) => page.getByRole('textbox', { name: `Meaning of ${column}`, exact: true })

async function assign(page, column, field) {
  await meaning(page, column).click()
  await meaning(page, column).fill(field)
  await page.getByRole('option', { name: new RegExp(`(^| )${field.replace(/^own attribute “(.*)”$/, '$1')}$`) }).click()
  await page.waitForFunction(() => document.querySelector('section[aria-busy=true]') === null)
}

const complaints = []

test('a shop’s export goes from the file to products', async () => {
  const { page } = session
  await page.goto('/dojo/development/overview')
  await page.getByRole('link', { name: 'Upload products' }).click()
  await page.waitForURL('**/data/products')
  await page.getByRole('link', { name: 'Upload products' }).click()
  await choose(page, 'fashion.csv')
  await page.getByTestId('origin').filter({ hasText: 'Shopify' }).waitFor()
  await page.getByRole('list', { name: 'The first products' }).locator('.card-title').first().waitFor()
  await settled(page)
  complaints.push(...(await look(page, 'mapping')))
  await page.getByRole('button', { name: 'Check all rows' }).click()
  await page.getByRole('status').filter({ hasText: 'fine' }).waitFor()
  await page.getByRole('button', { name: /^Import [\d,]+ products/ }).click()
  await imported(page).waitFor()
  complaints.push(...(await look(page, 'imported')))
  await page.getByRole('link', { name: 'See the products' }).click()
  await page.getByText(/^[\d,]+ products$/).waitFor()
})

test('ratings of films come from two files to recommendations', async () => {
  const { page } = session
  await page.goto('/dojo/production/data/upload')
  await choose(page, 'movies.csv')
  await page.getByTestId('origin').filter({ hasText: 'MovieLens' }).waitFor()
  await page.getByRole('button', { name: 'Import products' }).click()
  await imported(page).waitFor()
  await page.getByRole('link', { name: 'Next: upload interactions' }).click()
  await choose(page, 'ratings.csv')
  await page.getByTestId('origin').filter({ hasText: 'MovieLens' }).waitFor()
  await page.getByRole('button', { name: 'Import interactions' }).click()
  await imported(page).waitFor({ timeout: 240_000 })
  await page.getByRole('link', { name: 'Next: train the engine' }).click()
  await page.getByRole('button', { name: 'Train now' }).click()
  await page.getByText('Trained. The new model is in use.').waitFor({ timeout: 400_000 })
  // The log ended years ago: the overview is of its end, and so is what rises.
  await page.goto('/dojo/production/overview?period=month')
  await page.getByText('of your log, which ends on').waitFor()
  await page.getByRole('heading', { name: 'Trending at the end of the log' }).waitFor()
  await settled(page)
  assert.ok((await page.locator('section', { has: page.getByRole('heading', { name: 'Most wanted' }) }).getByRole('link').count()) > 0)
  complaints.push(...(await look(page, 'overview-past')))
  await page.getByRole('link', { name: 'Sandbox' }).click()
  await page.getByRole('textbox', { name: 'Be somebody else' }).fill('42')
  await page.getByRole('option', { name: /42/ }).first().click()
  const cards = page.getByRole('list', { name: 'Recommended products' }).getByRole('button')
  await cards.first().waitFor()
  assert.equal(await cards.count(), 12)
})

test('a mapping is changed field by field, kept by name, and used for the next file', async () => {
  const { page } = session
  await page.goto('/dojo/development/data/upload')
  await choose(page, 'mugs.csv')
  assert.equal(await meaning(page, 'Code').inputValue(), 'Product id (required)')
  await assign(page, 'Cost', 'sale_price')
  await assign(page, 'Words', 'tags')
  await page.getByTestId('outlook').getByText('2 products, 1 rows rejected').waitFor()
  // A reload in the middle loses nothing.
  await page.reload()
  assert.equal(await meaning(page, 'Words').inputValue(), 'Tags')
  await page.getByRole('button', { name: 'Mapping' }).click()
  await page.getByRole('menuitem', { name: 'Save it by name…' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Our mugs')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved as “Our mugs”').waitFor()
  await page.getByRole('button', { name: 'Check all rows' }).click()
  await page.getByRole('status').filter({ hasText: '2 are fine, 1 rows would be rejected' }).waitFor()
  await page.getByRole('button', { name: 'Import 2 products' }).click()
  await page.getByRole('heading', { name: '2 products imported' }).waitFor()
  const [rejects] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Download all 1/ }).click()])
  const line = JSON.parse(readFileSync(await rejects.path(), 'utf8'))
  assert.deepEqual([line.row, line.reasons], [2, ['sale_price must be a number, but is "on request"']])
  await page.getByRole('link', { name: 'Upload another file' }).click()
  await choose(page, 'more-mugs.csv')
  await page.getByTestId('origin').filter({ hasText: 'Saved: Our mugs' }).waitFor()
  await page.getByRole('button', { name: 'Import products' }).click()
  await page.getByRole('heading', { name: '1 products imported' }).waitFor()
  await page.goto('/dojo/development/data/products/m1')
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'Mug' }).waitFor()
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), hostile)
  assert.equal(await page.evaluate('window.__ran'), undefined)
})

test('a file goes on after a lost connection, a restart of the server and a reload', async () => {
  const { page } = session
  await page.goto('/dojo/development/data/upload')
  let parts = 0
  await page.route('**/parts*', (route) => (++parts > 1 ? route.abort() : route.continue()))
  await choose(page, 'large.csv')
  await page.getByText('Nothing is lost; it goes on by itself.').waitFor()
  const address = page.url()
  assert.match(address, /id=[0-9a-f]{16}/)
  // A reload lets go of the file: it is chosen again, and only what is missing is sent.
  await page.reload()
  await page.getByText('Choose large.csv again to go on').waitFor()
  assert.match(await page.getByTestId('received').textContent(), /^[1-9].*of 12 MiB/)
  await choose(page, 'large.csv')
  await page.getByText('Nothing is lost; it goes on by itself.').waitFor()
  await server.end()
  await page.unroute('**/parts*')
  await server.again()
  // The session may have ended with the process: whoever signs in again finds the upload going on.
  const ready = page.getByRole('button', { name: 'Import products' })
  const asked = passwordOf(page)
  await ready.or(asked).first().waitFor()
  if (await asked.isVisible()) {
    await page.getByLabel('Name', { exact: true }).fill('administrator')
    await asked.fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await ready.click()
  await page.getByRole('heading', { name: '12,000 products imported' }).waitFor()
  assert.equal(page.url(), address, 'it was one upload all the time')
})

test('a wrong file is refused at once, and an upload can be given up', async () => {
  const { page } = session
  await page.goto('/dojo/development/data/upload')
  await choose(page, 'letter.pdf')
  await page.getByRole('alert').filter({ hasText: 'letter.pdf is a PDF' }).waitFor()
  await page.goto('/dojo/development/data/upload')
  await choose(page, 'more-mugs.csv')
  await page.getByRole('button', { name: 'Import products' }).waitFor()
  await page.goto('/dojo/development/data/upload')
  const line = page.getByRole('button', { name: 'Remove more-mugs.csv' })
  await line.first().waitFor()
  complaints.push(...(await look(page, 'upload')))
  const count = await line.count()
  await line.first().click()
  await page.waitForFunction((count) => document.querySelectorAll('button[aria-label="Remove more-mugs.csv"]').length === count - 1, count)
})

test('records are filtered, edited with a conflict noticed, exported and wiped', async () => {
  const { page } = session
  await page.goto('/dojo/development/data/products?fq=sale_price%3A%5B25+TO+35%5D+AND+title%3AJug')
  await page.getByText('1 product', { exact: true }).waitFor()
  await page.getByRole('textbox', { name: 'Filter' }).fill('title:(')
  await page.getByRole('textbox', { name: 'Filter' }).press('Enter')
  await page.getByText(/fq is invalid/).waitFor()
  await page.getByRole('textbox', { name: 'Filter' }).fill('tags:"g"')
  await page.getByRole('textbox', { name: 'Filter' }).press('Enter')
  await page.getByText('1 product', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Export' }).click()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /CSV/ }).click()])
  assert.match(readFileSync(await file.path(), 'utf8'), /^product_id,title,.*\r\nm4,Jug,.*\r\n$/s)

  await page.goto('/dojo/development/data/products/m4')
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Title').fill('Large jug')
  await page.getByLabel('Price', { exact: true }).fill('cheap')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText(/expected to be of type/).waitFor()
  complaints.push(...(await look(page, 'edit')))
  await page.getByLabel('Price', { exact: true }).fill('31')
  // Somebody else is quicker.
  await page.request.post('/dojo/api/development/v1/products', { headers: { 'X-Dojo': '1' }, data: { data: [{ product_id: 'm4', title: 'Theirs' }] } })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('somebody else changed this record').waitFor()
  await page.getByRole('button', { name: 'Load it again' }).click()
  await page.getByLabel('Title').and(page.locator('[value="Theirs"]')).waitFor()
  await page.getByLabel('Title').fill('Ours')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Ours' }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('heading', { level: 1, name: 'Theirs' }).waitFor()

  await page.goto('/dojo/development/data/products')
  await page.getByRole('button', { name: 'More with the data' }).click()
  await page.getByRole('menuitem', { name: 'Wipe everything here…' }).click()
  const dialog = page.getByRole('dialog')
  assert.ok(await dialog.getByRole('button', { name: 'Wipe' }).isDisabled())
  await dialog.getByRole('textbox').fill('wipe everything of development')
  await dialog.getByRole('button', { name: 'Wipe' }).click()
  await page.getByText('No products yet').waitFor()
})

test('every step passed axe in light and dark, and nothing complained', () => {
  assert.deepEqual(complaints, [])
  assert.deepEqual(session.complaints, [])
})
