import {
  defineQuery,
  setCurrentDetails,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { QUERIES } from '../core/rules/contract';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import type { GateStatus, StageRecord, Status, StuckRollback } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import { currentDetails } from './current-details';
import { judge } from './verdict';

/** What the story does not know by itself and a person wants to see with it. */
export interface Scene {
  readonly head: Pick<Status, 'kind' | 'id' | 'package' | 'scope' | 'target'>;
  readonly gates: () => readonly GateStatus[];
  readonly tiers: () => Status['tiers'];
  /** What an approval is bound to; a rehearsal takes none. */
  readonly approving?: () => Status['approving'];
}

/** The release as people read it: stages with times, kept up to date in the queries, the current details and the search attributes. */
export class Story {
  private readonly records: StageRecord[] = [];
  private waitingFor: () => readonly string[] = () => [];
  private choices: readonly string[] = [];
  private plan: ReleasePlan | null = null;
  private expected: Readonly<Record<string, number>> = {};
  paused = false;
  /** The rollback that failed, while it is held. */
  stuck: StuckRollback | null = null;
  private rehearsal: string | null = null;

  constructor(private readonly scene: Scene) {
    setHandler(defineQuery<Status>(QUERIES.status), () => this.status());
    setHandler(defineQuery<ReleasePlan | null>(QUERIES.plan), () => this.plan);
    setHandler(defineQuery<readonly StageRecord[]>(QUERIES.timeline), () => this.records);
  }

  get stages(): StageRecord[] {
    return this.records;
  }

  /** Goes on with what was told before; the stage in which the release moved is told anew. */
  remember(stages: readonly StageRecord[]): void {
    this.records.push(...stages.filter((record) => record.state !== 'running' && record.state !== 'waiting'));
  }

  tellPlan(plan: ReleasePlan): void {
    this.plan = plan;
  }

  /** How long stages took in rehearsal, ms. */
  expect(expected: Readonly<Record<string, number>>): void {
    this.expected = expected;
  }

  /** A stage: what a person would name. Its end, good or bad, is told. */
  async stage<T>(stage: string, work: () => Promise<T>, note?: (result: T) => string): Promise<T> {
    const startedAt = new Date();
    const expectedMs = this.expected[stage];
    const eta = expectedMs === undefined ? {} : { expectedMs };
    this.tell({ stage, state: 'running', startedAt: startedAt.toISOString(), ...eta });
    const ended = (state: StageRecord['state'], text: string | undefined): void =>
      this.tell({
        stage,
        state,
        startedAt: startedAt.toISOString(),
        ms: Date.now() - startedAt.getTime(),
        ...(text === undefined ? {} : { note: text }),
      });
    try {
      const result = await work();
      ended('done', note?.(result));
      return result;
    } catch (error) {
      ended('failed', whyItFailed(error));
      throw error;
    }
  }

  /** What it waits for, and what a person may decide; nothing waits silently. */
  wait(waitingFor: () => readonly string[], choices: readonly string[] = []): void {
    this.waitingFor = waitingFor;
    this.choices = choices;
    this.refresh();
  }

  /** The workflow that the stage under way waits for. */
  within(rehearsal: string): void {
    this.rehearsal = rehearsal;
  }

  /** It waits for nothing any more. */
  goOn(): void {
    this.wait(() => []);
  }

  /** The running stage becomes a waiting one, and back. */
  mark(stage: string, state: StageRecord['state'], note?: string): void {
    const last = this.records.findLast((record) => record.stage === stage);
    this.tell({ ...(last ?? { stage }), stage, state, ...(note === undefined ? {} : { note }) });
  }

  /** What the stage under way has to say meanwhile. */
  remark(note: string): void {
    const running = this.records.findLast((record) => record.state === 'running');
    if (running !== undefined) this.tell({ ...running, note });
  }

  refresh(): void {
    setCurrentDetails(currentDetails(this.status()));
  }

  /** What it is found by in lists: the phase, later the outcome; and the gate that is waited for. One event each time. */
  show(phase: string, gate = 'none'): void {
    upsertSearchAttributes([
      { key: { name: SEARCH_ATTRIBUTES.stage, type: 'KEYWORD' }, value: phase },
      { key: { name: SEARCH_ATTRIBUTES.gate, type: 'KEYWORD' }, value: gate },
    ]);
  }

  private tell(record: StageRecord): void {
    const index = this.records.findLastIndex(
      (known) => known.stage === record.stage && known.state !== 'done' && known.state !== 'failed',
    );
    if (index === -1) this.records.push(record);
    else this.records[index] = record;
    this.refresh();
  }

  private status(): Status {
    const current =
      this.records.findLast((record) => record.state === 'running' || record.state === 'waiting') ??
      this.records.at(-1);
    return {
      ...this.scene.head,
      ...(this.scene.approving === undefined ? {} : { approving: this.scene.approving() }),
      stage: current?.stage ?? 'started',
      since: current?.startedAt ?? '',
      stages: [...this.records],
      gates: [...this.scene.gates()],
      tiers: this.scene.tiers(),
      waitingFor: [...this.waitingFor()],
      choices: [...this.choices],
      paused: this.paused,
      ...(this.stuck === null ? {} : { stuck: this.stuck }),
      ...(this.rehearsal === null ? {} : { within: this.rehearsal }),
    };
  }
}

/** `STATEMENT_FAILED: duplicate key value … (SQLSTATE 23505)`: the line that names the cause. */
function whyItFailed(error: unknown): string {
  if (isCancellation(error)) return 'cancelled';
  const { code, message } = judge(error);
  const lines = message.split('\n');
  const [place = ''] = lines;
  const cause = lines.find((line) => line.includes('SQLSTATE'));
  return cause === undefined || cause === place ? `${code}: ${place}` : `${code}: ${place}: ${cause}`;
}
