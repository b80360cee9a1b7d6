// The browser SDK works unchanged: its published bundle in a page of jsdom, against a real process, with the
// publishable key, as a shop would have it.
//
// 1. An interaction without id or time is taken as the SDK sends it.
// 2. A signed-in visitor is answered with the right user_hash, and refused with a wrong one.
// 3. What the visitor has just done changes the next answer.
// 4. Calls made in one bulk answer as the single ones do.
// 5. An upload to the playground is ignored by the SDK with a warning, as its documentation says.

import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { JSDOM } from 'jsdom';

const binary = process.env.TAMARI_BIN;
const bundle = readFileSync(createRequire(import.meta.url).resolve('@miso.ai/client-sdk/dist/umd/miso.min.js'), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'tamari-browser-'));
const data = join(folder, 'data');
let server, host;

function keys(environment) {
  return JSON.parse(execFileSync(binary, ['keys', '--data', data, '--environment', environment, '--json']));
}

async function upload(kind, records) {
  const response = await fetch(`${host}/v1/${kind}?api_key=${keys('development').secret}`, {
    method: 'POST', body: JSON.stringify({ data: records }),
  });
  assert.equal(response.status, 200, await response.text());
}

// A page of the shop with the SDK in it. jsdom has no fetch; the page gets Node's, with an Origin as a browser sends it.
function page(environment) {
  const dom = new JSDOM('<!doctype html><title>Tent</title>', {
    url: 'https://shop.example/tents/2?utm_source=letter', runScripts: 'outside-only',
  });
  const warnings = [];
  dom.window.console.warn = (...words) => warnings.push(words.join(' '));
  dom.window.fetch = (url, { signal, ...options }) =>
    fetch(url, { ...options, headers: { 'Content-Type': 'text/plain;charset=UTF-8', Origin: 'https://shop.example' } });
  dom.window.eval(bundle);
  const client = new dom.window.MisoClient({ apiKey: keys(environment).publishable, apiHost: `${host}/v1` });
  return { client, warnings };
}

function signIn(client, user) {
  client.context.user_id = user;
  client.context.user_hash = createHmac('sha256', keys('development').secret).update(user).digest('hex');
}

before(async () => {
  server = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: 'ignore' });
  const address = join(data, 'server.json');
  for (let tries = 0; !host; tries++) {
    assert.ok(tries < 1200 && server.exitCode === null, 'the server did not start');
    await sleep(50);
    if (existsSync(address)) {
      const text = readFileSync(address, 'utf8');
      if (text) host = `http://${JSON.parse(text).address}`;
    }
  }
  await upload('products', ['tent', 'bag', 'stove', 'novel', 'cookbook'].map((id) => ({
    product_id: id, title: `The ${id}`, categories: [[id.length > 4 ? 'Books and fire' : 'Outdoor']],
  })));
  const visits = [];
  for (let shopper = 0; shopper < 10; shopper++) {
    for (const [list, who] of [[['tent', 'bag', 'stove'], 'camper'], [['novel', 'cookbook'], 'reader']]) {
      list.forEach((id, minute) => visits.push({
        type: 'product_detail_page_view', anonymous_id: `${who}-${shopper}`, product_ids: [id],
        timestamp: `2024-05-01T10:0${minute}:00Z`,
      }));
    }
  }
  await upload('interactions', visits);
  const secret = keys('development').secret;
  const training = await (await fetch(`${host}/v1/engines/default/train?api_key=${secret}`, { method: 'POST' })).json();
  for (let state; state !== 'done';) {
    await sleep(50);
    const status = await fetch(`${host}/v1/engines/_status/${training.data.task_id}?api_key=${secret}`);
    ({ data: { state } } = await status.json());
    assert.notEqual(state, 'failed');
  }
});

after(async () => {
  const stopped = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  assert.equal(await stopped, 0);
  rmSync(folder, { recursive: true });
});

test('an interaction without id or time is taken as the SDK sends it', async () => {
  const { client } = page('development');
  await client.api.interactions.upload({ type: 'product_detail_page_view', product_ids: ['tent'] });
});

test('a signed-in visitor is answered with the right hash and refused with a wrong one', async () => {
  const { client } = page('development');
  signIn(client, 'kari');
  const answer = await client.api.recommendation.userToProducts({ rows: 3 });
  assert.equal(answer.products.length, 3);
  assert.match(answer.miso_id, /^[0-9a-f-]{36}$/);
  client.context.user_hash = '00';
  await assert.rejects(client.api.recommendation.userToProducts({ rows: 3 }), { status: 403 });
});

test('what the visitor has just done changes the next answer', async () => {
  const { client } = page('development');
  signIn(client, 'nils');
  await client.api.interactions.upload({ type: 'product_detail_page_view', product_ids: ['novel'] });
  const first = await client.api.recommendation.userToProducts({ rows: 3 });
  assert.equal(first.products[0].product_id, 'cookbook');
  await client.api.interactions.upload({ type: 'add_to_cart', product_ids: ['tent'], miso_id: first.miso_id });
  const second = await client.api.recommendation.userToProducts({ rows: 3 });
  assert.ok(['bag', 'stove'].includes(second.products[0].product_id), JSON.stringify(second.products));
});

test('every call of the SDK that this server offers gives the documented shape', async () => {
  const { client } = page('development');
  signIn(client, 'ola');
  const { search, recommendation } = client.api;
  assert.equal((await search.search({ q: '*', rows: 2 })).products.length, 2);
  assert.equal((await search.mget({ product_ids: ['tent'] })).products[0]._found, true);
  assert.ok(Array.isArray((await search.autocomplete({ q: 'the t' })).completions.title));
  assert.equal((await recommendation.productToProducts({ product_id: 'tent', rows: 1 })).products.length, 1);
  assert.equal((await recommendation.userToTrending({ rows: 2 })).products.length, 2);
});

test('calls made in one bulk answer as the single ones do', async () => {
  const { client } = page('development');
  signIn(client, 'per');
  const [found, wanted] = await Promise.all([
    client.api.search.search({ q: '*', rows: 2 }, { bulk: true }),
    client.api.recommendation.userToProducts({ rows: 3 }, { bulk: true }),
  ]);
  assert.equal(found.products.length, 2);
  assert.equal(wanted.products.length, 3);
});

test('an upload to the playground is ignored by the SDK with a warning', async () => {
  const { client } = page('playground');
  await client.api.interactions.upload({ type: 'home_page_view' });
});

test('an anonymous visitor is answered with a hash of the anonymous id', async () => {
  const { client } = page('development');
  client.context.anonymous_id = 'stranger';
  const user_hash = createHmac('sha256', keys('development').secret).update('stranger').digest('hex');
  await client.api.interactions.upload({ type: 'product_detail_page_view', product_ids: ['novel'] });
  const answer = await client.api.recommendation.userToProducts({ rows: 1, user_hash });
  assert.equal(answer.products[0].product_id, 'cookbook');
  await assert.rejects(client.api.recommendation.userToProducts({ rows: 1 }), { status: 403 });
});
