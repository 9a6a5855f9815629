import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ReleaseError } from '../core/rules/release-error';
import type { Targets } from '../core/schema/target';
import type { Environment } from '../postgres/endpoint';
import { forgetEmptyVariables } from './empty-variables';
import { readTargets } from './targets';

/** What a worker is told by its environment. */
export interface WorkerSettings {
  readonly targets: Targets;
  readonly storeRoot: string;
  readonly signingKey: string | undefined;
  /** Errors may quote rows in the worker's own log; never in a history. */
  readonly revealData: boolean;
  readonly programs: { readonly pgDump: string; readonly pgRestore: string };
  readonly environment: Environment;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly connection: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  };
}

/**
 * Reads ONE_ROOF_CONFIG (targets.yaml), ONE_ROOF_STORE, ONE_ROOF_SIGNING_KEY, ONE_ROOF_REVEAL_DATA, ONE_ROOF_PG_BIN and Temporal's standard variables;
 * what is set and empty is taken out of `given`.
 * @throws CONFIG_MISSING, CONFIG_INVALID
 */
export function readWorkerSettings(given: Record<string, string | undefined>): WorkerSettings {
  const environment = forgetEmptyVariables(given);
  const bin = environment['ONE_ROOF_PG_BIN'];
  const program = (name: string): string => (bin === undefined ? name : `${bin}/${name}`);
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: setOnes(environment) });
  return {
    targets: readTargets(required(environment, 'ONE_ROOF_CONFIG')),
    storeRoot: required(environment, 'ONE_ROOF_STORE'),
    signingKey: environment['ONE_ROOF_SIGNING_KEY'],
    revealData: environment['ONE_ROOF_REVEAL_DATA'] === 'true',
    programs: { pgDump: program('pg_dump'), pgRestore: program('pg_restore') },
    environment,
    temporal: {
      address: connectionOptions.address ?? 'localhost:7233',
      namespace: namespace ?? 'default',
      connection: connectionOptions,
    },
  };
}

function setOnes(environment: Environment): Record<string, string> {
  const pairs = Object.entries(environment);
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined)
    throw new ReleaseError('CONFIG_MISSING', `the worker's environment has no ${name}`);
  return value;
}
