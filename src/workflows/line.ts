import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
} from '@temporalio/workflow';
import { isNames } from '../core/rules/payload-guard';

/** Releases that wait until this one has let its target go, the first one first. */
const standInLine = defineSignal<[readonly string[]]>('standInLine');
/** The target may be free: it is this release's turn, and those come after it. */
const databaseFree = defineSignal<[readonly string[]]>('databaseFree');

/** Whoever held the target may have been terminated and tell nobody: it is tried again after this time. */
const TRY_AGAIN_MS = 600_000;

/**
 * Who waits for a target that a release holds. There is no list of them anywhere else: who ends hands it to the first of them,
 * and who does not take its turn hands it on.
 */
export class Line {
  private behind: readonly string[] = [];
  private isTurn = false;
  /** Who was told first that its gate is open; it looks and claims before anybody else does. */
  leader: string | null = null;
  /** It waits for people or a gate, or is on its way to one: whoever comes is let go first. */
  private isIdle = true;
  /** What it waits for has come: it goes on, or rests again, within this very task. */
  private isWoken = (): boolean => false;

  constructor(private readonly release: string) {}

  listen(): void {
    setHandler(standInLine, (releases: unknown) => this.add(releases));
    setHandler(databaseFree, (releases: unknown) => {
      this.isTurn = true;
      return this.add(releases);
    });
  }

  /** A gate is open for several at once: this one goes first. Anybody may have said so. */
  follow(leader: unknown): void {
    this.leader = isNames([leader]) && leader !== this.release ? String(leader) : null;
  }

  /** It waits, and those behind it need not. */
  async rest(): Promise<void> {
    this.isIdle = true;
    await this.handOn();
  }

  /** Whoever comes while it waits is let go first, but not in the moment in which it goes on itself. @returns whether there is news */
  async untilNews(isNews: () => boolean, { ms, summary }: { ms: number; summary: string }): Promise<boolean> {
    this.isWoken = isNews;
    try {
      return await condition(isNews, ms, { summary });
    } finally {
      this.isWoken = () => false;
    }
  }

  /** It is about to take the target: whoever comes stands behind it. */
  take(): void {
    this.isIdle = false;
  }

  /** Its gates are open. @returns whether it stands in line behind who goes first */
  async goOn(): Promise<boolean> {
    this.take();
    const { leader } = this;
    this.leader = null;
    return leader !== null && (await this.join(leader));
  }

  /** Stands in line behind a holder, with all who stand behind this release. @returns false where that one has ended */
  async join(holder: string): Promise<boolean> {
    this.isTurn = false;
    const all = [this.release, ...this.behind];
    if (!(await told(holder, standInLine, all))) return false;
    this.behind = this.behind.filter((each) => !all.includes(each));
    return true;
  }

  /** Until it is its turn, as it seems, or something else has happened. */
  async untilTurn(isNews: () => boolean, summary: string): Promise<void> {
    await condition(() => this.isTurn || isNews(), TRY_AGAIN_MS, { summary });
  }

  /** It ends, or does not take its turn now: the next one may. */
  async handOn(): Promise<void> {
    while (this.behind.length > 0) {
      const [next = '', ...rest] = this.behind;
      this.behind = [];
      if (!(await told(next, databaseFree, rest))) this.behind = [...rest, ...this.behind]; // it has ended meanwhile
    }
  }

  private async add(releases: unknown): Promise<void> {
    if (!isNames(releases)) return;
    const known = [this.release, ...this.behind];
    this.behind = [...this.behind, ...releases.filter((each) => !known.includes(each))];
    if (this.isIdle && !this.isWoken()) await this.handOn();
  }
}

/** Also while the release itself is being cancelled: others depend on it. */
async function told(
  release: string,
  signal: typeof standInLine,
  releases: readonly string[],
): Promise<boolean> {
  const handle = getExternalWorkflowHandle(release);
  try {
    await CancellationScope.nonCancellable(() => handle.signal(signal, releases));
    return true;
  } catch {
    return false; // it has ended
  }
}
