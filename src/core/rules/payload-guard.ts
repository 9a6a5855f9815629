import type { GateQuery, GateReading } from '../schema/attempt';
import type { GatesOf } from '../schema/monitor';
import type { PackageRef } from '../schema/plan';
import type { ApprovalPayload, ControlPayload, DecisionPayload } from '../schema/act';

/*
 * A signal may carry anything. zod stays out of the workflow bundle, so that the shape is checked here by plain guards;
 * test/core holds them to the zod schemas.
 */

/** @returns why it is no approval payload, or undefined. */
export function approvalFault(value: unknown): string | undefined {
  if (!isRecord(value)) return 'the payload is no object';
  return (
    controlFault(value) ??
    textFault(value, 'gate', NAME) ??
    textFault(value, 'digest', /^[0-9a-f]{64}$/) ??
    (value['signed'] === undefined || isText(value['signed'], 8192) ? undefined : 'signed is no text')
  );
}

export function isApproval(value: unknown): value is ApprovalPayload {
  return approvalFault(value) === undefined;
}

/** @returns why it is no control payload, or undefined. */
export function controlFault(value: unknown): string | undefined {
  if (!isRecord(value)) return 'the payload is no object';
  return (
    textFault(value, 'key', /^[\s\S]{8,64}$/) ??
    textFault(value, 'as', NAME) ??
    textFault(value, 'reason', /^[\s\S]{1,1000}$/)
  );
}

export function isControl(value: unknown): value is ControlPayload {
  return controlFault(value) === undefined;
}

export function isDecision(value: unknown): value is DecisionPayload {
  return decisionFault(value) === undefined;
}

/** @returns why it is no decision payload, or undefined. */
export function decisionFault(value: unknown): string | undefined {
  if (!isRecord(value)) return 'the payload is no object';
  const known = value['choice'] === 'retry' || value['choice'] === 'rollback';
  return controlFault(value) ?? (known ? undefined : 'choice is neither retry nor rollback');
}

/** Readings as a gate monitor sends them; at most a hundred. */
export function isReadings(value: unknown): value is readonly GateReading[] {
  return Array.isArray(value) && value.length <= 100 && value.every(isReading);
}

function isReading(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { gate, open, opens, readAt } = value;
  return typeof open === 'boolean' && [gate, opens, readAt].every((text) => isText(text, 200));
}

/** A subscription as the activity sends it. */
export function isSubscription(value: unknown): value is {
  readonly release: string;
  readonly package: PackageRef;
  readonly scope: string;
  readonly gates: readonly Pick<GateQuery, 'gate' | 'opens'>[];
} {
  if (!isRecord(value) || !isText(value['release'], 300) || !isText(value['scope'], 63)) return false;
  const { gates, package: pkg } = value;
  const isGate = (gate: unknown): boolean =>
    isRecord(gate) && isText(gate['gate'], 200) && isText(gate['opens'], 64);
  return isPackage(pkg) && Array.isArray(gates) && gates.length <= 100 && gates.every(isGate);
}

/** Names of releases that stand in line; more than anybody has are none of ours. */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 10_000 && value.every((name) => isText(name, 300));
}

/** Who wants a monitor to go on, as the command line sends it. */
export function isKeeper(value: unknown): value is { readonly as: string; readonly watched: GatesOf | null } {
  if (!isRecord(value) || textFault(value, 'as', NAME) !== undefined) return false;
  const { watched } = value;
  return (
    watched === null || (isRecord(watched) && isText(watched['scope'], 63) && isPackage(watched['package']))
  );
}

function isPackage(pkg: unknown): boolean {
  return isRecord(pkg) && ['name', 'version', 'digest'].every((field) => isText(pkg[field], 200));
}

const NAME = /^[a-z0-9][a-z0-9_.-]{0,62}$/;

function textFault(
  value: Readonly<Record<string, unknown>>,
  field: string,
  form: RegExp,
): string | undefined {
  const text = value[field];
  if (text === undefined) return `${field} is missing`;
  return typeof text === 'string' && form.test(text) ? undefined : `${field} is not of its form`;
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
