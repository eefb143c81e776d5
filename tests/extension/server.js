// A server over HTTP as the extension meets it: published files, enrolment, check-ins, reports. It
// counts each violation once by its id, as the real one does; how the real one checks what comes in
// is tested with the real one.

import { createServer } from 'node:http';

export class Server {
  /** Violations counted, by id. */
  counted = new Map();
  /** How often each id was sent. */
  sent = new Map();
  asked = [];
  #tickets = new Set();
  #made = 0;
  #answers = [];

  constructor(repository) {
    this.repository = repository;
  }

  async start() {
    this.http = createServer((request, response) => this.#serve(request, response));
    await new Promise((resolve) => { this.http.listen(0, '127.0.0.1', resolve); });
    this.url = `http://127.0.0.1:${this.http.address().port}`;
    return this;
  }

  stop() {
    this.http.closeAllConnections();
    return new Promise((resolve) => { this.http.close(resolve); });
  }

  /** Answer the next request to a path in another way: a function of (request, usual) that gives
   * [status, body], or null for no answer at all. */
  next(path, answer) {
    this.#answers.push({ path, answer });
  }

  async #serve(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const { pathname } = new URL(request.url, this.url);
    this.asked.push(`${request.method} ${pathname}`);
    const usual = () => this.#usual(pathname, request, body);
    const place = this.#answers.findIndex(({ path }) => path === pathname);
    const answer = place < 0 ? usual() : this.#answers.splice(place, 1)[0].answer(request, usual);
    if (!answer) {
      request.socket.destroy();
      return;
    }
    const [status, content] = answer;
    response.writeHead(status);
    response.end(Buffer.isBuffer(content) ? content : JSON.stringify(content));
  }

  #usual(path, request, body) {
    if (path.startsWith('/repository/')) {
      const file = this.repository.files.get(path.slice('/repository/'.length));
      return file ? [200, file] : [404, {}];
    }
    const now = new Date().toISOString();
    if (path === '/v1/device/enrolments') return [201, { device: 'a-device', now }];
    if (path === '/v1/device/check-ins') {
      const tickets = Array.from({ length: 5 - JSON.parse(body).tickets }, () => this.#ticket());
      return [200, { now, interval: 60, tickets }];
    }
    return path === '/v1/reports' ? this.#report(request, body, now) : [404, {}];
  }

  #ticket() {
    this.#made += 1;
    const ticket = this.#made.toString(16).padStart(32, '0');
    this.#tickets.add(ticket);
    return ticket;
  }

  #report(request, body, now) {
    const ticket = request.headers.authorization?.replace('Ticket ', '');
    if (!this.#tickets.delete(ticket)) return [401, { code: 'ticket' }];
    const results = JSON.parse(body).violations.map((violation) => {
      this.sent.set(violation.id, (this.sent.get(violation.id) ?? 0) + 1);
      if (this.counted.has(violation.id)) return { outcome: 'skipped' };
      this.counted.set(violation.id, violation);
      return { outcome: 'accepted' };
    });
    return [200, { results, now }];
  }
}
