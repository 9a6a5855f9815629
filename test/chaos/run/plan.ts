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

const SECOND_FAULT = 0.6;

/** Run after run, for ever. Points are dealt like cards, so that each comes up as often as any other. */
export function* planRuns(seed: number, wish: Wish = {}): Generator<RunPlan> {
  const luck = dice(seed);
  const dealt = new Map<Point, number>();
  const points = POINTS.filter(({ name }) => wish.point?.test(name) !== false);
  for (let id = 1; ; id += 1) {
    const possible = points.filter(
      (point) => scenariosOf(point, wish).length > 0 && kindsOf(point, wish).length > 0,
    );
    const first = deal(possible, dealt, luck);
    const scenario = luck.pick(scenariosOf(first, wish));
    const faults = [faultAt(first, scenario, { luck, wish })];
    const beside = possible.filter((point) => comesBy(scenario, point));
    if (luck.chance(SECOND_FAULT)) faults.push(faultAt(deal(beside, dealt, luck), scenario, { luck, wish }));
    yield { id, scenario, faults: inOrder(faults) };
  }
}

/** A card that has been dealt least often. */
function deal(points: readonly Point[], dealt: Map<Point, number>, luck: Dice): Point {
  const least = Math.min(...points.map((point) => dealt.get(point) ?? 0));
  const point = luck.pick(points.filter((each) => (dealt.get(each) ?? 0) === least));
  dealt.set(point, least + 1);
  return point;
}

function faultAt(
  point: Point,
  scenario: Scenario,
  how: { readonly luck: Dice; readonly wish: Wish },
): FaultPlan {
  const { luck, wish } = how;
  const kind = luck.pick(kindsOf(point, wish));
  return { point, kind, tier: luck.pick(scenario.tiers), seed: Math.floor(luck.next() * 2 ** 31) };
}

function scenariosOf(point: Point, wish: Wish): readonly Scenario[] {
  return SCENARIOS.filter(
    (scenario) => comesBy(scenario, point) && wish.scenario?.test(scenario.name) !== false,
  );
}

function kindsOf(point: Point, wish: Wish): readonly FaultKind[] {
  return kindsAt(point).filter((kind) => wish.kind?.test(kind) !== false);
}

function comesBy({ families, without }: Scenario, { family, name }: Point): boolean {
  return families.includes(family) && !without.test(name);
}

/** As a workflow comes by; what ends it comes last and once, for nothing comes by after it. */
function inOrder(faults: readonly FaultPlan[]): readonly FaultPlan[] {
  const sorted = [...faults].sort((one, other) => POINTS.indexOf(one.point) - POINTS.indexOf(other.point));
  return sorted.filter(({ kind }, index) => !ENDING.includes(kind) || index === sorted.length - 1);
}
