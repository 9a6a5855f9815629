import { join } from 'node:path';
import { Document } from 'yaml';
import type { ClusterAddress } from './postgres-cluster';
import type { StateDirectory } from './state';
import { secret } from './state';
import { writeWholeFile } from './whole-file';

/** The roles of the stand-in that log in. The worker has One-Roof's four; the applications' two are none of its business. */
export const WORKER_ROLES = [
  'one_roof_reader',
  'one_roof_cloner',
  'one_roof_executor',
  'one_roof_restorer',
] as const;
export const APPLICATION_ROLES = ['directus_app', 'approvals_app'] as const;

export const PRODUCTION_SERVICE = 'one-roof-production';
export const CLONE_HOST_SERVICE = 'one-roof-clone-host';

/** Where the worker's and the applications' connections are described. */
export interface StandInFiles {
  readonly targets: string;
  readonly pgpass: string;
  readonly serviceFile: string;
  readonly applicationsPgpass: string;
}

/** What stands in the files. */
export interface StandInFacts {
  readonly cluster: ClusterAddress;
  readonly database: string;
  /** The nonce that the production database is registered with. */
  readonly registration: string;
}

const HARD_GATE = {
  sql: "select count(*) from os_proposal_approvals where decision = 'approve'",
  opens: '> 0',
} as const;
const RELEASE_LEADS = { need: 1, of: ['lead-a', 'lead-b'] } as const;
const DBAS = { need: 1, of: ['dba-a', 'dba-b'] } as const;

/** Where the files of a state are. */
export function filesOf(state: StateDirectory): StandInFiles {
  return {
    targets: state.targets,
    pgpass: join(state.root, 'pgpass'),
    serviceFile: join(state.root, 'pg_service.conf'),
    applicationsPgpass: join(state.secrets, 'applications.pgpass'),
  };
}

/** Writes targets.yaml, the service file and the password files: ports may have changed since the last time. */
export function writeStandInFiles(state: StateDirectory, facts: StandInFacts): StandInFiles {
  const files = filesOf(state);
  writeWholeFile(files.pgpass, pgpass(state, facts.cluster, WORKER_ROLES));
  writeWholeFile(files.applicationsPgpass, pgpass(state, facts.cluster, APPLICATION_ROLES));
  writeWholeFile(files.serviceFile, services(facts));
  const targets = new Document(targetsOf(facts.registration), { aliasDuplicateObjects: false });
  targets.commentBefore = ' Written by `one-roof up --stand-in`; it is written anew each time.';
  writeWholeFile(files.targets, targets.toString({ lineWidth: 110 }));
  return files;
}

function pgpass(state: StateDirectory, cluster: ClusterAddress, roles: readonly string[]): string {
  const lines = roles.map((role) => `${cluster.host}:${cluster.port}:*:${role}:${secret(state, role)}\n`);
  return lines.join('');
}

function services({ cluster, database }: StandInFacts): string {
  const service = (name: string, dbname: string): string =>
    `[${name}]\nhost=${cluster.host}\nport=${cluster.port}\ndbname=${dbname}\n`;
  return [service(PRODUCTION_SERVICE, database), service(CLONE_HOST_SERVICE, 'postgres')].join('\n');
}

function targetsOf(registration: string): object {
  const [reader, cloner, executor, restorer] = WORKER_ROLES;
  return {
    production: {
      kind: 'database',
      connection: { service: PRODUCTION_SERVICE },
      roles: { reader, cloner, executor },
      protected: true,
      registration,
      policy: productionPolicy(),
    },
    'clone-host': {
      kind: 'clone-host',
      connection: { service: CLONE_HOST_SERVICE },
      roles: { reader, cloner, executor, restorer },
      protected: false,
    },
  };
}

function productionPolicy(): object {
  return {
    request: RELEASE_LEADS.of,
    gates: [
      {
        id: 'rollout',
        before: 'first',
        scopes: ['full'],
        approvals: { release: RELEASE_LEADS, dba: DBAS },
        hard: HARD_GATE,
      },
      {
        id: 'structure-only',
        before: 'first',
        scopes: ['option-3'],
        approvals: { dba: DBAS },
        hard: HARD_GATE,
      },
    ],
    protectedTables: ['public.os_proposals', 'public.os_proposal_approvals', 'public.os_proposal_signatures'],
  };
}
