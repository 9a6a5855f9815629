import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { ReleaseError } from '../core/rules/release-error';
import type { Notice, Sink } from '../core/schema/notice';
import { bodyOf } from './bodies';

type Environment = Readonly<Record<string, string | undefined>>;

const WEBHOOK_LIMIT_MS = 10_000;
const COMMAND_LIMIT_MS = 30_000;
/** What every command may know: no password of a database is among it. */
const HARMLESS = ['PATH', 'HOME', 'LANG', 'TZ'];

/** Who tells, and by which environment. */
export interface Telling {
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/**
 * Tells all sinks; one that fails keeps no other from being told. Repeated after a failure, so each may hear a notice again:
 * its key is the same.
 * @throws NOTIFY_FAILED naming the sinks by their variable or program, never by an address, which may be a secret
 */
export async function notify(sinks: readonly Sink[], notice: Notice, telling: Telling): Promise<void> {
  const told = await Promise.allSettled(sinks.map((sink) => tell(sink, notice, telling)));
  const failed = told.flatMap((each, index) => {
    const sink = sinks[index];
    return each.status === 'rejected' && sink !== undefined
      ? [`${nameOf(sink)}: ${reasonOf(each.reason)}`]
      : [];
  });
  if (failed.length > 0) throw new ReleaseError('NOTIFY_FAILED', failed.join('\n'));
}

function tell(sink: Sink, notice: Notice, telling: Telling): Promise<void> {
  return 'webhook' in sink ? post(sink.webhook, notice, telling) : run(sink, notice, telling);
}

type Webhook = Extract<Sink, { webhook: unknown }>['webhook'];

/** What is thrown here is shown to people: it bears no address, for the path of many webhooks is their secret. */
class Refusal extends Error {}

async function post(webhook: Webhook, notice: Notice, { environment, signal }: Telling): Promise<void> {
  const body = bodyOf(notice, webhook.format);
  const headers: Record<string, string> = { 'content-type': 'application/json', 'one-roof-key': notice.key };
  if (webhook.secretFrom !== undefined) {
    const secret = valueOf(environment, webhook.secretFrom);
    headers['one-roof-signature'] = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  }
  const answer = await fetch(addressOf(environment, webhook.urlFrom), {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(WEBHOOK_LIMIT_MS)]),
  }).catch(() => {
    throw new Refusal('it does not answer');
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Refusal(`it answered ${answer.status}`);
}

function addressOf(environment: Environment, variable: string): URL {
  const value = valueOf(environment, variable);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new Refusal('it holds no http address');
  return url;
}

function valueOf(environment: Environment, variable: string): string {
  const value = environment[variable];
  if (value === undefined || value === '') throw new Refusal(`${variable} is not set where the worker runs`);
  return value;
}

type Command = Extract<Sink, { command: unknown }>;

async function run(sink: Command, notice: Notice, { environment, signal }: Telling): Promise<void> {
  const [program = '', ...args] = sink.command;
  const known = [...HARMLESS, ...sink.environment];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(COMMAND_LIMIT_MS)]);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, {
      env: Object.fromEntries(known.map((name) => [name, environment[name]])),
      stdio: ['pipe', 'ignore', 'ignore'],
      signal: limit,
    });
    child.once('error', () => reject(new Refusal('it could not be run, or took too long')));
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Refusal(`it ended with ${code ?? 'a signal'}`)),
    );
    child.stdin.on('error', () => undefined); // it did not want to hear: its exit code counts
    child.stdin.end(`${bodyOf(notice, 'generic')}\n`);
  });
}

function nameOf(sink: Sink): string {
  return 'webhook' in sink ? `webhook of ${sink.webhook.urlFrom}` : `command ${sink.command[0] ?? ''}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Refusal ? error.message : 'it failed';
}
