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
const FURTHER_FAULTS = [0.9, 0.4];

/** Run after run, for ever. Points are dealt like cards, so that each comes up as often as any other. */
export function* planRuns(seed: number, wish: Wish = {}): Generator<RunPlan> {
  const luck = dice(seed);
  const dealt = new Map<Point, number>();
  const possible = POINTS.filter(
    (point) =>
      wish.point?.test(point.name) !== false &&
      scenariosOf(point, wish).length > 0 &&
      kindsOf(point, wish).length > 0,
  );
  for (let id = 1; ; id += 1) {
    const first = deal(possible, dealt, luck);
    const scenario = luck.pick(scenariosOf(first, wish));
    const beside = possible.filter((point) => comesBy(scenario, point));
    const more = FURTHER_FAULTS.filter((chance) => luck.chance(chance)).map(() => deal(beside, dealt, luck));
    const points = inOrder([first, ...more]);
    const faults = points.flatMap((point, index) =>
      faultAt(point, scenario, { luck, wish, isLast: index === points.length - 1 }),
    );
    yield { id, scenario, faults };
  }
}

/** A card that has been dealt least often. */
function deal(points: readonly Point[], dealt: Map<Point, number>, luck: Dice): Point {
  const least = Math.min(...points.map((point) => dealt.get(point) ?? 0));
  const point = luck.pick(points.filter((each) => (dealt.get(each) ?? 0) === least));
  dealt.set(point, least + 1);
  return point;
}

interface Drawing {
  readonly luck: Dice;
  readonly wish: Wish;
  readonly isLast: boolean;
}

/** What ends a workflow comes last, for nothing comes by after it. */
function faultAt(point: Point, scenario: Scenario, { luck, wish, isLast }: Drawing): readonly FaultPlan[] {
  const kinds = kindsOf(point, wish).filter((kind) => isLast || !ENDING.includes(kind));
  if (kinds.length === 0) return [];
  const kind = luck.pick(kinds);
  return [{ point, kind, tier: luck.pick(scenario.tiers), seed: Math.floor(luck.next() * 2 ** 31) }];
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

/** As a workflow comes by. */
export function inOrder(points: readonly Point[]): readonly Point[] {
  return [...points].sort((one, other) => POINTS.indexOf(one) - POINTS.indexOf(other));
}
