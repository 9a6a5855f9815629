import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sink } from '../../src/core/schema/notice';
import type { Notice } from '../../src/core/schema/notice';
import { notify } from '../../src/notify/notify';
import { containing } from '../postgres/shop';

const NOTICE: Notice = {
  key: 'release-shop-1/1',
  kind: 'hold',
  workflow: 'release-shop-1',
  target: 'production',
  package: { name: 'shop', version: '1', digest: 'a'.repeat(64) },
  title: 'release-shop-1 holds on production: a person must decide',
  lines: ['LOCK_TIMEOUT: held up by process 7'],
  choices: ['decide retry: go on', 'decide rollback: undo'],
  at: '2026-06-03T03:00:00.000Z',
};

interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let port = 0;
const heard: Heard[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      heard.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(request.url === '/broken/secret-path' ? 503 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address !== null) port = address.port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => heard.splice(0));

function telling(paths: Readonly<Record<string, string>> = {}) {
  const urls = Object.entries(paths).map(
    ([name, path]) => [name, `http://127.0.0.1:${port}${path}`] as const,
  );
  const environment: Record<string, string | undefined> = {
    ...process.env,
    ...Object.fromEntries(urls),
    KEY: 'a key of the tests',
  };
  return { environment, signal: new AbortController().signal };
}

function sinks(...given: readonly unknown[]): Sink[] {
  return given.map((each) => Sink.parse(each));
}

describe('people who are told', () => {
  it('hear all of a notice by a webhook, signed over the very bytes', async () => {
    const hook = sinks({ webhook: { urlFrom: 'OPS', secretFrom: 'KEY' } });
    await notify(hook, NOTICE, telling({ OPS: '/ops' }));
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = heard;
    expect(path).toBe('/ops');
    expect(headers['one-roof-key']).toBe('release-shop-1/1');
    const signature = createHmac('sha256', 'a key of the tests').update(body).digest('hex');
    expect(headers['one-roof-signature']).toBe(`sha256=${signature}`);
    expect(JSON.parse(body)).toEqual({
      ...NOTICE,
      text: [
        'release-shop-1 holds on production: a person must decide',
        'LOCK_TIMEOUT: held up by process 7',
        '• decide retry: go on',
        '• decide rollback: undo',
      ].join('\n'),
    });
  });

  it('hear it as Slack and as Teams want it', async () => {
    const both = sinks(
      { webhook: { urlFrom: 'ONE', format: 'slack' } },
      { webhook: { urlFrom: 'TWO', format: 'teams' } },
    );
    await notify(both, NOTICE, telling({ ONE: '/slack', TWO: '/teams' }));
    const bodyAt = (path: string): unknown =>
      JSON.parse(heard.find((each) => each.path === path)?.body ?? '');
    expect(bodyAt('/slack')).toEqual({ text: containing('• decide retry') });
    expect(bodyAt('/teams')).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { version: '1.4' } }],
    });
  });

  it('hear it by a command, on its standard input', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'one-roof-notice-')), 'notice');
    await notify(sinks({ command: ['/bin/sh', '-c', `cat > ${file}`] }), NOTICE, telling());
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ key: NOTICE.key, kind: 'hold' });
  });

  it('run a command that knows nothing of the worker, unless it is named', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'one-roof-notice-')), 'environment');
    const command = ['/bin/sh', '-c', `env > ${file}`];
    const where = telling({ OPS: '/ops' });
    await notify(sinks({ command, environment: ['OPS'] }), NOTICE, where);
    expect(readFileSync(file, 'utf8')).toContain('OPS=http');
    expect(readFileSync(file, 'utf8')).not.toContain('a key of the tests');
  });

  it('are all told though one cannot be; what is said of that names no address', async () => {
    const all = sinks(
      { webhook: { urlFrom: 'BROKEN' } },
      { webhook: { urlFrom: 'NOWHERE' } },
      { webhook: { urlFrom: 'UNSET' } },
      { command: ['/bin/false'] },
      { command: ['/no/such/program'] },
      { webhook: { urlFrom: 'OPS' } },
    );
    const where = telling({ BROKEN: '/broken/secret-path', OPS: '/ops' });
    const environment: Record<string, string | undefined> = {
      ...where.environment,
      NOWHERE: 'ftp://secret.example/secret-path',
    };
    const failure = notify(all, NOTICE, { ...where, environment });
    await expect(failure).rejects.toMatchObject({
      code: 'NOTIFY_FAILED',
      message: [
        'webhook of BROKEN: it answered 503',
        'webhook of NOWHERE: it holds no http address',
        'webhook of UNSET: UNSET is not set where the worker runs',
        'command /bin/false: it ended with 1',
        'command /no/such/program: it could not be run, or took too long',
      ].join('\n'),
    });
    await expect(failure).rejects.not.toMatchObject({
      message: containing('secret-path'),
    });
    expect(heard.map(({ path }) => path)).toContain('/ops');
  });
});
