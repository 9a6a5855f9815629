import type { Approval, VoidedApprovals } from '../core/schema/act';

/** What people have approved and rejected, as far as it still counts. */
export class Approvals {
  private given: Approval[] = [];
  /** What counts no more, and why. */
  readonly voided: VoidedApprovals[] = [];

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

  remember(given: readonly Approval[], voided: readonly VoidedApprovals[]): void {
    this.given = [...given];
    this.voided.push(...voided);
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
