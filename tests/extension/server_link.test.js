// What a server can do to a request: stay silent, break off, answer without end, redirect.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { ServerLink } from '../../extension/src/server_link.js';

const ANSWERS = {
  '/repository/file': (response) => response.end('content'),
  '/repository/gone': (response) => response.writeHead(404).end(),
  '/repository/moved': (response) => response.writeHead(302, { Location: '/repository/file' }).end(),
  '/repository/endless': (response) => {
    const more = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.on('close', () => clearInterval(more));
  },
  '/repository/broken': (response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('only this');
    setTimeout(() => response.destroy(), 5);
  },
  '/json': (response) => response.writeHead(401).end('{"code":"token"}'),
  '/html': (response) => response.end('<title>Sign in</title>'),
  '/list': (response) => response.end('[1]'),
};

let http;
let link;

before(async () => {
  http = createServer(({ url }, response) => ANSWERS[url](response));
  await new Promise((resolve) => { http.listen(0, '127.0.0.1', resolve); });
  link = new ServerLink(`http://127.0.0.1:${http.address().port}`, fetch);
});

after(() => {
  http.closeAllConnections();
  http.close();
});

test('a file comes as bytes, up to the most that is wanted', async () => {
  assert.equal(new TextDecoder().decode(await link.fetchFile('file', 7)), 'content');
  await assert.rejects(link.fetchFile('file', 6), { name: 'RepositoryError', code: 'too-large' });
  await assert.rejects(link.fetchFile('endless', 50_000), { name: 'RepositoryError', code: 'too-large' });
});

test('what cannot be had is a DownloadError, with the status where there is one', async () => {
  await assert.rejects(link.fetchFile('gone', 9), { name: 'DownloadError', status: 404 });
  await assert.rejects(link.fetchFile('moved', 9), { name: 'DownloadError', status: 0 });
  await assert.rejects(link.fetchFile('broken', 100), { name: 'DownloadError' });
  const nobody = new ServerLink('http://127.0.0.1:1', fetch);
  await assert.rejects(nobody.fetchFile('file', 9), { name: 'DownloadError', status: 0 });
});

test('an answer is JSON, whatever its status; what is not is no answer', async () => {
  const request = { method: 'POST', headers: {} };
  assert.deepEqual(await link.send('/json', request), { status: 401, body: { code: 'token' } });
  assert.deepEqual((await link.send('/list', request)).body.code, undefined);
  await assert.rejects(link.send('/html', request), { name: 'DownloadError' });
});
