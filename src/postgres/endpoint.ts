import { readFile } from 'node:fs/promises';
import { ReleaseError } from '../core/rules/release-error';
import type { ConnectionSource } from '../core/schema/target';

/** Where a server is. The password, where there is one, comes from the URL; else `pg` and libpq read PGPASSFILE. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  /** encrypt: as libpq's `require`, no certificate is checked; verify: `verify-ca` and `verify-full`. */
  readonly tls?: 'encrypt' | 'verify';
}

/** The part of the environment that names connections; the composition root hands it in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Resolves a target's connection for one role. A URL's password serves only the URL's own user. */
export async function resolveEndpoint(
  source: ConnectionSource,
  user: string,
  environment: Environment,
): Promise<Endpoint> {
  const endpoint =
    'service' in source
      ? await fromService(source.service, environment)
      : fromUrl(source.urlFrom, environment);
  if (endpoint.user === user) return endpoint;
  const { host, port, database, tls } = endpoint;
  return { host, port, database, user, ...(tls === undefined ? {} : { tls }) };
}

function fromUrl(variable: string, environment: Environment): Endpoint {
  const text = environment[variable];
  if (text === undefined || text === '') {
    throw new ReleaseError(
      'CONFIG_INVALID',
      `the environment variable ${variable}, which a target names, is not set`,
    );
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new ReleaseError(
      'CONFIG_INVALID',
      `${variable} holds no PostgreSQL URL (postgresql://user@host:port/database)`,
    );
  }
  return {
    host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname || 'localhost'),
    port: Number(url.port || url.searchParams.get('port') || '5432'),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...tlsOf(url.searchParams.get('sslmode')),
  };
}

async function fromService(service: string, environment: Environment): Promise<Endpoint> {
  const file = environment['PGSERVICEFILE'] ?? `${environment['HOME'] ?? ''}/.pg_service.conf`;
  const settings = parseService(await readServiceFile(file), service);
  if (settings === undefined) {
    throw new ReleaseError('CONFIG_INVALID', `there is no service [${service}] in ${file}`);
  }
  return {
    host: settings['host'] ?? 'localhost',
    port: Number(settings['port'] ?? '5432'),
    database: settings['dbname'] ?? '',
    user: settings['user'] ?? '',
    ...(settings['password'] === undefined ? {} : { password: settings['password'] }),
    ...tlsOf(settings['sslmode'] ?? null),
  };
}

async function readServiceFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ReleaseError('CONFIG_INVALID', `the service file ${file} cannot be read`, { cause });
  }
}

function parseService(text: string, service: string): Record<string, string> | undefined {
  const settings: Record<string, Record<string, string>> = {};
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line);
    const pair = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (section?.[1] !== undefined) current = settings[section[1]] = {};
    else if (pair?.[1] !== undefined && pair[2] !== undefined && current !== undefined)
      current[pair[1]] = pair[2];
  }
  return settings[service];
}

function tlsOf(mode: string | null): { tls: 'encrypt' | 'verify' } | Record<string, never> {
  if (mode === 'require') return { tls: 'encrypt' };
  return mode === 'verify-ca' || mode === 'verify-full' ? { tls: 'verify' } : {};
}
