import { isFields } from '../grammar/parse-tree';
import type { Fields } from '../grammar/parse-tree';
import { fieldRule, isPermittedNode, spoken } from './nodes';
import type { Refusal } from './refusal';

/** A permitted node of the tree, and the nearest place that the grammar noted, in bytes. */
export interface Visited {
  readonly kind: string;
  readonly fields: Fields;
  readonly location: number;
}

/** All nodes, in no promised order, or the first that may not be there. */
export type Walked = { readonly nodes: readonly Visited[] } | { readonly refused: Refusal };

/** A tree that is larger was made to strain the server; 64 KiB of text hold that many. */
const NODES_MAX = 100_000;

/** Visits every node of a statement and knows every field of it, or refuses: nothing is skipped. Without recursion, for trees may be deep. */
export function walk(tree: unknown, location: number): Walked {
  const nodes: Visited[] = [];
  const stack: Pending[] = [{ value: tree, rule: 'nodes', location }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const found = open(next);
    if ('refused' in found) return found;
    if (found.node !== undefined) nodes.push(found.node);
    stack.push(...found.inner);
    if (nodes.length > NODES_MAX)
      return refuse(['so large a statement', `more than ${NODES_MAX} parts`], location);
  }
  return { nodes };
}

interface Pending {
  readonly value: unknown;
  readonly rule: string;
  readonly location: number;
}

type Opened = { readonly node?: Visited; readonly inner: readonly Pending[] } | { readonly refused: Refusal };

function open(pending: Pending): Opened {
  const { value, rule, location } = pending;
  if (rule === 'value')
    return typeof value === 'object' ? refuse(spoken('a value'), location) : { inner: [] };
  if (rule === 'nodes') return openNodes(pending);
  return isFields(value) ? openNode(rule, value, location) : refuse(spoken(rule), location);
}

/** One node under its name, or a list of such; an empty one stands where the grammar has nothing. */
function openNodes({ value, location }: Pending): Opened {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return { inner: items.map((item) => ({ value: item, rule: 'nodes', location })).reverse() };
  }
  if (!isFields(value)) return refuse(spoken('a node'), location);
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined) return { inner: [] };
  const [kind, fields] = entry;
  if (more.length > 0 || !isFields(fields)) return refuse(spoken(kind), location);
  return openNode(kind, fields, location);
}

function openNode(kind: string, fields: Fields, outer: number): Opened {
  const own = fields['location'];
  const location = typeof own === 'number' && own > 0 ? own : outer;
  if (!isPermittedNode(kind)) return refuse(spoken(kind), location);
  const inner: Pending[] = [];
  for (const [field, value] of Object.entries(fields).reverse()) {
    const rule = fieldRule(kind, field);
    if (rule === undefined) return refuse(spoken(kind, field), location);
    inner.push({ value, rule, location });
  }
  return { node: { kind, fields, location }, inner };
}

function refuse(
  [construct, reason, instead]: readonly [string, string, string?],
  location: number,
): { readonly refused: Refusal } {
  return {
    refused: { layer: 'tree', construct, reason, location, ...(instead === undefined ? {} : { instead }) },
  };
}
