// What every page is looked at for: that it came to rest, that axe finds nothing, and how it looks.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The page has come to rest: its figures are there, and its pictures. */
export async function settled(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null)
  await page.waitForLoadState('networkidle').catch(() => undefined)
}

/** With TAMARI_SCREENSHOTS, the page as a picture in docs/screenshots; small, as a browser writes WebP. */
export async function shoot(page, name, { whole = false } = {}) {
  if (!process.env.TAMARI_SCREENSHOTS) return
  const folder = new URL('../../docs/screenshots/', import.meta.url).pathname
  mkdirSync(folder, { recursive: true })
  const devtools = await page.context().newCDPSession(page)
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 82, captureBeyondViewport: whole })
  await devtools.detach()
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, 'base64'))
}

/** What axe finds, a line each; with TAMARI_SCREENSHOTS the page goes to docs/screenshots, in light and in dark. */
export async function look(page, name) {
  const found = []
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.waitForFunction((scheme) => document.documentElement.dataset.mantineColorScheme === scheme, scheme)
    // Colours fade over: what is read in between is neither look.
    await page.waitForFunction(() => document.getAnimations().every((one) => !(one instanceof CSSTransition)))
    // The policy of the page lets no script in from outside; the test comes through the debugger.
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
    await shoot(page, `${name}-${scheme}`)
    found.push(...violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${name}: ${id}: ${node.html.slice(0, 160)} ${[...node.any, ...node.all, ...node.none][0]?.message ?? ''}`)))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  return found
}
