import {
  defineQuery,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { QUERIES } from '../core/rules/contract';
import { ReleaseError } from '../core/rules/release-error';
import { SEARCH_ATTRIBUTES } from '../core/rules/search-attributes';
import type { CloneRef } from '../core/schema/database-ref';
import type { GoldenOrder, GoldenOutcome, GoldenRecord } from '../core/schema/golden';
import type { OutcomeError, StageRecord } from '../core/schema/outcome';
import { anywhere, ask, at, patiently } from './asking';
import type { Place } from './asking';
import { judge } from './verdict';

type Found = Omit<
  GoldenOutcome,
  'kind' | 'id' | 'act' | 'host' | 'name' | 'startedAt' | 'endedAt' | 'stages'
>;

/** The memory of one act on a golden: its stages, where the clone host is asked, and what was found. */
export class GoldenBook {
  private readonly startedAt = new Date().toISOString();
  private readonly stages: StageRecord[] = [];
  private host: Place | null = null;
  /** A part of the names of what this run makes: a folder of the store, a database. */
  readonly nonce = uuid4().replaceAll('-', '');

  constructor(readonly order: GoldenOrder) {
    setHandler(defineQuery<readonly StageRecord[]>(QUERIES.timeline), () => this.stages);
    this.show(order.act);
  }

  /** Finds the clone host's queue. @throws CONFIG_INVALID where the target is none */
  async prepare(): Promise<void> {
    const { host } = this.order;
    const { kind, queue } = await ask(anywhere.describeTarget, `${host}: what it is`, { target: host });
    if (kind !== 'clone-host')
      throw new ReleaseError(
        'CONFIG_INVALID',
        `target ${host} is a ${kind}: goldens are kept on a clone-host`,
      );
    this.host = { ...at(queue), long: patiently(queue) };
  }

  get atHost(): Place {
    if (this.host === null) throw new ReleaseError('INTERNAL', 'the clone host has not been looked up yet');
    return this.host;
  }

  database(clone: CloneRef) {
    return { target: this.order.host, clone };
  }

  /** A stage: what a person would name. Its end, good or bad, is told. */
  async stage<T>(stage: string, work: () => Promise<T>, note?: (result: T) => string): Promise<T> {
    const started = new Date();
    const record: StageRecord = { stage, state: 'running', startedAt: started.toISOString() };
    const index = this.stages.push(record) - 1;
    const end = (state: StageRecord['state'], text: string | undefined): void => {
      const ms = Date.now() - started.getTime();
      this.stages[index] = { ...record, state, ms, ...(text === undefined ? {} : { note: text }) };
      setCurrentDetails(this.details());
    };
    setCurrentDetails(this.details());
    try {
      const result = await work();
      end('done', note?.(result));
      return result;
    } catch (error) {
      const { code, message } = judge(error);
      end('failed', `${code}: ${message.split('\n')[0] ?? ''}`);
      throw error;
    }
  }

  /** What a person reads of it in the Temporal UI. */
  private details(): string {
    const lines = this.stages.map(
      ({ stage, state, note }) => `- ${stage}: ${state}${note === undefined ? '' : `, ${note}`}`,
    );
    return [
      `**${this.order.act}** of golden **${this.order.name}** on **${this.order.host}**`,
      ...lines,
    ].join('\n');
  }

  show(phase: string): void {
    upsertSearchAttributes([{ key: { name: SEARCH_ATTRIBUTES.stage, type: 'KEYWORD' }, value: phase }]);
  }

  outcome(
    outcome: GoldenOutcome['outcome'],
    found: Partial<Found> & { readonly record?: GoldenRecord | null } = {},
  ): GoldenOutcome {
    const { act, host, name } = this.order;
    this.show(outcome);
    return {
      kind: 'golden',
      id: workflowInfo().workflowId,
      act,
      outcome,
      host,
      name,
      startedAt: this.startedAt,
      endedAt: new Date().toISOString(),
      record: null,
      comparison: null,
      metrics: [],
      problems: [],
      databasesLeft: [],
      ...found,
      stages: this.stages,
    };
  }

  failed(error: OutcomeError, databasesLeft: string[] = []): GoldenOutcome {
    return this.outcome('failed', { error, databasesLeft });
  }
}
