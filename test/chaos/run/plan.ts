import { SHOP_TIERS } from '../shop/files';
import type { Stock } from '../shop/databases';
import { dice } from '../world/random';
import type { Dice } from '../world/random';
import { ENDING, kindsAt } from './kinds';
import type { FaultKind } from './kinds';
import type { Family, Point } from './point';
import { POINTS } from './points';

/** What is done in a run, were there no fault. */
export interface Scenario {
  readonly name: 'rehearsal' | 'release' | 'release that fails' | 'second version that fails';
  readonly families: readonly Family[];
  readonly stock: Stock;
  /** Tiers whose attempt may be struck: those that will be applied. */
  readonly tiers: readonly string[];
  /** Points that it never comes by. */
  readonly without: RegExp;
}

/** The tiers of one transaction; the others have points of their own. */
const ALL = SHOP_TIERS.map(({ id }) => id).filter((id) => !/^3[24]_/.test(id));
const NEVER = /^$/;

export const SCENARIOS: readonly Scenario[] = [
  { name: 'rehearsal', families: ['rehearsal'], stock: 'open', tiers: ALL, without: NEVER },
  { name: 'release', families: ['release'], stock: 'open', tiers: ALL, without: NEVER },
  {
    name: 'release that fails',
    families: ['release', 'compensation'],
    stock: 'broken',
    tiers: ALL.slice(0, 3),
    without: /^(verify|exit baseline)/,
  },
  {
    name: 'second version that fails',
    families: ['release', 'compensation'],
    stock: 'one and broken',
    tiers: ['30_column'],
    without: /^(verify|exit baseline|tier: statement running)/,
  },
];

export interface FaultPlan {
  readonly point: Point;
  readonly kind: FaultKind;
  readonly tier: string;
  /** Decides what the kind leaves open. */
  readonly seed: number;
}

/** One run, wholly decided by the seed and its number. */
export interface RunPlan {
  readonly id: number;
  readonly scenario: Scenario;
  readonly faults: readonly FaultPlan[];
}

/** What to choose from; all where it says nothing. */
export interface Wish {
  readonly scenario?: RegExp;
  readonly point?: RegExp;
  readonly kind?: RegExp;
}

/** How likely a second and a third fault are. */
const FURTHER_FAULTS = [1, 0.95, 0.7];
/** How often a workflow may be ended before its last fault. */
const EARLY_END = 0.2;
/** How often the kind that was dealt least often is taken, instead of any. */
const RARE_KIND = 0.5;

/** Run after run, for ever. Points are dealt like cards, so that each comes up as often as any other. */
export function* planRuns(seed: number, wish: Wish = {}): Generator<RunPlan> {
  const luck = dice(seed);
  const dealt = new Map<Point, number>();
  const kinds = new Map<FaultKind, number>();
  const possible = POINTS.filter(
    (point) =>
      wish.point?.test(point.name) !== false &&
      scenariosOf(point, wish).length > 0 &&
      kindsOf(point, wish).length > 0,
  );
  for (let id = 1; ; id += 1) {
    const first = deal(possible, dealt, luck);
    const scenario = luck.pick(scenariosOf(first, wish));
    const isLate = first.family === 'compensation'; // whatever strikes before it may lead elsewhere
    const beside = possible.filter(
      (point) => comesBy(scenario, point) && (!isLate || point.family === 'compensation'),
    );
    const more = FURTHER_FAULTS.filter((chance) => luck.chance(chance)).map(() => deal(beside, dealt, luck));
    const places = inOrder([first, ...more].map((point) => ({ point, tier: luck.pick(scenario.tiers) })));
    const faults = places.flatMap((place, index) =>
      faultAt(place, {
        luck,
        wish,
        kinds,
        isLast: index === places.length - 1 || luck.chance(EARLY_END),
      }),
    );
    const struck = untilItEnds(faults);
    for (const { point } of faults.slice(struck.length))
      dealt.set(point, (dealt.get(point) ?? 0) - worthOf(point)); // back into the deck
    yield { id, scenario, faults: struck };
  }
}

/**
 * What comes late is missed more often, where an earlier fault has changed the way: it is dealt more often. So is the gate,
 * where people do what they do nowhere else.
 */
function worthOf({ name, family, reach }: Point): number {
  if (reach.by === 'people') return 0.5;
  if (family === 'compensation') return 0.5;
  if (/^(batch|index|rehearsed tier)/.test(name)) return 0.6;
  return /^(tier|close claim|evidence|exit baseline|clone|compare clone|rehearsal, evidence|drop)/.test(name)
    ? 0.75
    : 1;
}

/** A card that has been dealt least often. */
function deal(points: readonly Point[], dealt: Map<Point, number>, luck: Dice): Point {
  const least = Math.min(...points.map((point) => dealt.get(point) ?? 0));
  const point = luck.pick(points.filter((each) => (dealt.get(each) ?? 0) < least + 0.5));
  dealt.set(point, (dealt.get(point) ?? 0) + worthOf(point));
  return point;
}

interface Drawing {
  readonly luck: Dice;
  readonly wish: Wish;
  /** How often each was dealt so far. */
  readonly kinds: Map<FaultKind, number>;
  readonly isLast: boolean;
}

function faultAt({ point, tier }: FaultPlace, drawing: Drawing): readonly FaultPlan[] {
  const { luck, wish, isLast } = drawing;
  const isDue = (kind: FaultKind): boolean => isLast || !ENDING.includes(kind) || !drawing.kinds.has(kind);
  const possible = kindsOf(point, wish).filter(isDue);
  if (possible.length === 0) return [];
  const kind = luck.chance(RARE_KIND) ? rarest(possible, drawing) : luck.pick(possible);
  drawing.kinds.set(kind, (drawing.kinds.get(kind) ?? 0) + 1);
  return [{ point, kind, tier, seed: Math.floor(luck.next() * 2 ** 31) }];
}

/** Nothing comes by after what ends a workflow. */
function untilItEnds(faults: readonly FaultPlan[]): readonly FaultPlan[] {
  const end = faults.findIndex(({ kind }) => ENDING.includes(kind));
  return end === -1 ? faults : faults.slice(0, end + 1);
}

function rarest(possible: readonly FaultKind[], { kinds, luck }: Drawing): FaultKind {
  const times = (kind: FaultKind): number => kinds.get(kind) ?? 0;
  const least = Math.min(...possible.map(times));
  return luck.pick(possible.filter((kind) => times(kind) === least));
}

function scenariosOf(point: Point, wish: Wish): readonly Scenario[] {
  return SCENARIOS.filter(
    (scenario) => comesBy(scenario, point) && wish.scenario?.test(scenario.name) !== false,
  );
}

function kindsOf(point: Point, wish: Wish): readonly FaultKind[] {
  return kindsAt(point).filter((kind) => wish.kind?.test(kind) !== false);
}

/** Does a run of this scenario come by that point? */
export function comesBy({ families, without }: Scenario, { family, name }: Point): boolean {
  return families.includes(family) && !without.test(name);
}

/** Where a fault strikes. */
export type FaultPlace = Pick<FaultPlan, 'point' | 'tier'>;

/** As a workflow comes by: tier after tier, and back the other way. */
export function inOrder<Place extends FaultPlace>(places: readonly Place[]): readonly Place[] {
  return [...places].sort((one, other) => byTier(one, other) || byPoint(one, other));
}

function byPoint(one: FaultPlace, other: FaultPlace): number {
  return POINTS.indexOf(one.point) - POINTS.indexOf(other.point);
}

/** Points within tiers are come by again in each of them. */
function byTier({ point, tier }: FaultPlace, other: FaultPlace): number {
  if (!isInTier(point) || !isInTier(other.point) || point.family !== other.point.family) return 0;
  const upwards = tier.localeCompare(other.tier);
  return point.family === 'compensation' ? -upwards : upwards;
}

function isInTier({ reach }: Point): boolean {
  return reach.by === 'wire' && reach.inTier === true;
}
