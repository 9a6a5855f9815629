import type { Approval, VoidedApprovals } from '../core/schema/act';
import type { GatehouseMemory } from './court';

/** A run of older code carries no more than the approvals. */
type ApprovalMemory = Pick<GatehouseMemory, 'approved' | 'voided' | 'counted'>;

/** What people have approved and rejected, as far as it still counts. */
export class Approvals {
  private given: Approval[] = [];
  /** What counts no more, and why. */
  readonly voided: VoidedApprovals[] = [];
  /** Keys of those by which a gate was passed, or an override was complete. */
  readonly counted = new Set<string>();

  constructor(private readonly validForMs: (gate: string) => number) {}

  /** Those that have not expired. */
  get current(): Approval[] {
    return this.given.filter((each) => this.endOf(each) > Date.now());
  }

  /** When each of them ends by itself, ms since 1970. */
  get expiries(): readonly number[] {
    return this.current.map((each) => this.endOf(each));
  }

  private endOf({ at, gate }: Approval): number {
    return Date.parse(at) + this.validForMs(gate);
  }

  /** All that were not taken back, expired ones too. */
  get all(): readonly Approval[] {
    return this.given;
  }

  /** What is told at the end: what still counts, and what counted when it was needed, expired since or not. */
  get told(): Approval[] {
    const { current, counted } = this;
    return this.given.filter((each) => counted.has(each.key) || current.includes(each));
  }

  remember({ approved, voided = [], counted = [] }: ApprovalMemory): void {
    this.given = [...approved];
    this.voided.push(...voided);
    for (const key of counted) this.counted.add(key);
  }

  /** By those that count now these gates were passed. */
  count(gates: readonly string[]): void {
    for (const { gate, key } of this.current) if (gates.includes(gate)) this.counted.add(key);
  }

  add(approval: Approval): void {
    this.given.push(approval);
  }

  withdraw(gate: string, who: string): void {
    this.given = this.given.filter((each) => each.gate !== gate || each.who !== who);
  }

  /** Those of gates that were not passed count no more. @returns how many did until now */
  void(why: readonly string[], passed: readonly string[] = []): number {
    const lost = this.current.filter((each) => !passed.includes(each.gate));
    this.given = this.given.filter((each) => passed.includes(each.gate));
    if (lost.length > 0)
      this.voided.push({
        at: new Date().toISOString(),
        why: [...why],
        approvals: lost.map(({ gate, who }) => ({ gate, who })),
      });
    return lost.length;
  }
}
