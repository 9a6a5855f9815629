import type { Client } from '@temporalio/client';
import { targetQueue } from '../core/rules/contract';
import { ReleaseError } from '../core/rules/release-error';
import type { DatabaseRef } from '../core/schema/database-ref';
import type { PackageRef } from '../core/schema/plan';
import type { Target, TargetDescription, Targets } from '../core/schema/target';
import { Policy } from '../core/schema/target';
import type { EvidenceStore } from '../evidence/evidence-folder';
import type { ReleasePackage } from '../package/package';
import type { Store } from '../package/store';
import type { Opened } from '../read-channel/permitted-read';
import { resolveEndpoint } from '../postgres/endpoint';
import type { Endpoint, Environment } from '../postgres/endpoint';
import { unregistered } from '../postgres/registration';

/** All that activities reach of the outside world; the worker's composition root makes it. */
export interface World {
  readonly targets: Targets;
  readonly environment: Environment;
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly programs: { readonly pgDump: string; readonly pgRestore: string };
  /** The worker's own Temporal client, for the gate monitor's subscriptions. */
  readonly client: Client;
  /** Hears errors with the values of rows in them; nobody does unless the worker was told to. */
  readonly reveal?: (words: string) => void;
  /** The current build of the workers' deployment, by the server's word. */
  readonly currentBuild: () => Promise<string | null>;
}

export type RoleName = 'reader' | 'cloner' | 'executor' | 'restorer';

/** A target by name. @throws TARGET_UNKNOWN naming those that exist. */
export function findTarget(world: World, name: string): Target {
  const target = Object.hasOwn(world.targets, name) ? world.targets[name] : undefined;
  if (target !== undefined) return target;
  throw new ReleaseError(
    'TARGET_UNKNOWN',
    `this worker has no target ${name}; it has ${Object.keys(world.targets).join(', ') || 'none'}`,
  );
}

/** The policy of a database's target; that of none asks for nothing. */
export function policyOf(world: World, database: DatabaseRef): Policy {
  return findTarget(world, database.target).policy ?? Policy.parse({});
}

/** What the reads of packages may call in a database: what its target opens; in a clone, which is nobody's production, what any does. */
export function openedIn({ targets }: World, { target, clone }: DatabaseRef): Opened {
  const opening = clone === undefined ? [targets[target]] : Object.values(targets);
  return { functions: opening.flatMap((each) => each?.readChannel.functions ?? []) };
}

/** Where a database is, for a role. */
export async function endpointFor(world: World, database: DatabaseRef, role: RoleName): Promise<Endpoint> {
  const target = findTarget(world, database.target);
  const user = target.roles[role];
  if (user === undefined)
    throw new ReleaseError('CONFIG_INVALID', `target ${database.target} names no ${role}`);
  const endpoint = await resolveEndpoint(target.connection, user, world.environment);
  return database.clone === undefined ? endpoint : { ...endpoint, database: database.clone.name };
}

/** The registration that a database must have: production's as targets.yaml repeats it, a clone's as the workflow gave it. */
export function registrationOf(
  world: World,
  database: DatabaseRef,
): { kind: 'production' | 'clone'; nonce: string } {
  if (database.clone !== undefined) return { kind: 'clone', nonce: database.clone.nonce };
  const nonce = findTarget(world, database.target).registration;
  if (nonce !== undefined) return { kind: 'production', nonce };
  throw unregistered(database.target);
}

/** What a workflow may know of a target. @throws POLICY_MISSING for a protected target without one. */
export function describe(world: World, name: string): TargetDescription {
  const target = findTarget(world, name);
  if (target.kind === 'database' && target.protected && target.policy === undefined) {
    throw new ReleaseError('POLICY_MISSING', `target ${name} is protected and has no policy`);
  }
  const { allowedSigners, ...policy } = target.policy ?? Policy.parse({}); // a path of this worker's disk never travels
  return {
    name,
    kind: target.kind,
    queue: target.queue ?? targetQueue(name),
    protected: target.protected,
    registered: target.registration !== undefined,
    notifies: target.notify.length > 0,
    verifiesSignatures: allowedSigners !== undefined,
    policy,
  };
}

/** A package by its digest, verified as it is read. Invariant 1. */
export async function readPackage(world: World, ref: PackageRef): Promise<ReleasePackage> {
  return world.store.readPackage(ref.digest);
}
