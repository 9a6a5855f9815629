import { readFile } from 'node:fs/promises';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { parse } from 'yaml';
import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import { Targets } from '../core/schema/target';
import type { Environment } from '../postgres/endpoint';

/** What a worker is told by its environment. */
export interface WorkerSettings {
  readonly targets: Targets;
  readonly storeRoot: string;
  readonly signingKey: string | undefined;
  readonly programs: { readonly pgDump: string; readonly pgRestore: string };
  readonly environment: Environment;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly connection: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  };
}

/** Reads ONE_ROOF_CONFIG (targets.yaml), ONE_ROOF_STORE, ONE_ROOF_SIGNING_KEY, ONE_ROOF_PG_BIN and Temporal's standard variables. */
export async function readWorkerSettings(environment: Environment): Promise<WorkerSettings> {
  const bin = environment['ONE_ROOF_PG_BIN'];
  const program = (name: string): string => (bin === undefined || bin === '' ? name : `${bin}/${name}`);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return {
    targets: await readTargets(required(environment, 'ONE_ROOF_CONFIG')),
    storeRoot: required(environment, 'ONE_ROOF_STORE'),
    signingKey: environment['ONE_ROOF_SIGNING_KEY'],
    programs: { pgDump: program('pg_dump'), pgRestore: program('pg_restore') },
    environment,
    temporal: {
      address: connectionOptions.address ?? 'localhost:7233',
      namespace: namespace ?? 'default',
      connection: connectionOptions,
    },
  };
}

/** targets.yaml, checked. @throws CONFIG_MISSING, CONFIG_INVALID */
async function readTargets(file: string): Promise<Targets> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReleaseError('CONFIG_MISSING', `${file} cannot be read`, { cause });
  });
  const parsed = Targets.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new ReleaseError('CONFIG_INVALID', `${file}:\n${z.prettifyError(parsed.error)}`);
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '')
    throw new ReleaseError('CONFIG_MISSING', `the worker's environment has no ${name}`);
  return value;
}
