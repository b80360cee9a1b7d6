// A server of its own and a browser for the tests.

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'

export const password = 'a password for the tests'

/** Starts the server with the sample shop in a folder of its own; with `port`, it can be stopped and started again there. */
export async function serve({ port = 0, demo = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dojo-test-'))
  const program = process.env.TAMARI_BIN ?? new URL('../../target/debug/tamari', import.meta.url).pathname
  const start = () => {
    const child = spawn(program, ['serve', '--data', join(folder, 'data'), '--listen', `127.0.0.1:${port}`, ...(demo ? ['--demo'] : []), '--log', 'warn'], {
      env: { ...process.env, TAMARI_ADMIN_PASSWORD: password },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const listening = new Promise((found, failed) => {
      child.once('exit', (code) => failed(new Error(`the server ended with ${code}`)))
      createInterface({ input: child.stdout }).on('line', (line) => {
        const match = /on (http:\/\/\S+)/.exec(line)
        if (match !== null) found(match[1])
      })
    })
    return { child, listening }
  }
  let running = start()
  const address = await running.listening
  // The sample shop is served while its engine is trained; the tests look at a shop that has learned.
  if (demo) await trained(program, folder, address)
  const vite = process.env.DOJO_SOURCES ? await fromSources(address, folder) : undefined
  return {
    address: vite?.resolvedUrls.local[0].replace(/\/dojo\/$/, '') ?? address,
    folder,
    /** Ends the process, at once or in an orderly way. */
    async end(signal = 'SIGKILL') {
      const ended = new Promise((done) => running.child.once('exit', done))
      running.child.kill(signal)
      await ended
    },
    async again() {
      running = start()
      await running.listening
    },
    async stop() {
      await vite?.close()
      await this.end('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** While one works on the pages: the sources as they are, without building the program; with DOJO_SOURCES=built, as a release has them. */
async function fromSources(address, folder) {
  const { build, createServer, preview } = await import('vite')
  const root = new URL('..', import.meta.url).pathname
  const listen = { port: 0, host: '127.0.0.1', proxy: { '/dojo/api': { target: address }, '/v1': { target: address } } }
  if (process.env.DOJO_SOURCES === 'built') {
    const outDir = join(folder, 'built')
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } })
    return preview({ root, logLevel: 'error', build: { outDir }, preview: listen })
  }
  const vite = await createServer({ root, logLevel: 'error', server: listen })
  await vite.listen()
  return vite
}

/** The sample shop is served while its engine is trained; the tests look at a shop that has learned. */
async function trained(program, folder, address) {
  const { secret } = JSON.parse(execFileSync(program, ['keys', '--data', join(folder, 'data'), '--environment', 'playground', '--json']))
  for (let versions = []; versions.length === 0; await sleep(200)) {
    const answer = await fetch(`${address}/v1/engines/default/versions?api_key=${secret}`)
    versions = (await answer.json()).data.versions
  }
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })

/** A page with its own cookies, whose complaints are collected. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 820 }, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const complaints = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // What the server refuses is shown in the page; the browser repeats it here.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) complaints.push(message.text())
  })
  const foreign = []
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  return { context, page, complaints, foreign }
}

export const passwordOf = (page) => page.getByLabel('Password', { exact: true })

export async function signIn(page, to = '/dojo/', as = { name: 'administrator', password }) {
  await page.goto(to)
  await page.getByLabel('Name').fill(as.name)
  await passwordOf(page).fill(as.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' })
}
