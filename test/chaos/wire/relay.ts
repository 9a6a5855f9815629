import type { Socket } from 'node:net';
import { ClientFrames, ServerFrames, sqlOf, startupParameters } from './frames';
import type { Frame } from './frames';

/** What is waited for on the wire. `running`: it has been sent, and the server takes its time to answer. */
export interface Match {
  readonly application: RegExp;
  readonly user?: RegExp;
  readonly database?: RegExp;
  /** The text of the statement; `startup`: the connection's first message. */
  readonly sql: RegExp | 'startup';
  readonly when: 'before' | 'running' | 'after';
}

/** A session that stands still at a message. */
export interface Held {
  readonly application: string;
  readonly database: string;
  readonly sql: string;
  readonly when: Match['when'];
  /** `client_port` of its session in pg_stat_activity. */
  readonly port: number;
  /** Goes on as if nothing had been. */
  letGo(): void;
  /** The connection is gone, for both ends; what was held back never arrives. */
  cut(): void;
  /** What was held back reaches the server, whoever is left to hear the answer; the server is not told that nobody is. */
  arrive(): Promise<void>;
}

/** Asks the watchers about a message; the one that wants it is given the session, held. */
export interface Watcher {
  readonly match: Match;
  offer(held: Held): void;
}

const RUNNING_AFTER_MS = 40;
const ANSWER_LIMIT_MS = 5_000;

/** One connection through the proxy: passes messages on until a watcher wants one held. */
export class Relay {
  private readonly fromClient = new ClientFrames();
  private readonly fromServer = new ServerFrames();
  private parameters: ReadonlyMap<string, string> = new Map();
  private toServer: Buffer[] | undefined;
  private toClient: Buffer[] | undefined;
  private onReady: (() => void) | undefined;
  private isClientGone = false;
  private staysOpen = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly find: (relay: Relay, sql: string) => Watcher | undefined,
  ) {
    client.on('data', (chunk) => this.hearClient(chunk));
    server.on('data', (chunk) => this.hearServer(chunk));
    client.on('close', () => this.loseClient());
    server.on('close', () => {
      this.onReady?.();
      client.destroy();
    });
  }

  fits({ application, user, database }: Match): boolean {
    const value = (name: string): string => this.parameters.get(name) ?? '';
    return (
      application.test(value('application_name') || value('fallback_application_name')) &&
      (user === undefined || user.test(value('user'))) &&
      (database === undefined || database.test(value('database')))
    );
  }

  private hearClient(chunk: Buffer): void {
    const frames = this.fromClient.take(chunk);
    if (this.toServer !== undefined) return void this.toServer.push(...frames.map(({ bytes }) => bytes));
    for (const [index, frame] of frames.entries()) {
      const watcher = this.look(frame);
      if (watcher === undefined) this.server.write(frame.bytes);
      else {
        this.stand(watcher, frames.slice(index));
        return;
      }
    }
  }

  private look(frame: Frame): Watcher | undefined {
    if (frame.type === 'encryption?') this.fromServer.expectBareByte();
    if (frame.type === 'startup') this.parameters = startupParameters(frame);
    const sql = frame.type === 'startup' ? 'startup' : sqlOf(frame);
    return sql === undefined ? undefined : this.find(this, sql);
  }

  private hearServer(chunk: Buffer): void {
    const isReady = this.fromServer.take(chunk);
    if (this.toClient === undefined) this.client.write(chunk);
    else this.toClient.push(chunk);
    if (isReady) this.onReady?.();
  }

  private stand(watcher: Watcher, frames: readonly Frame[]): void {
    const bytes = frames.map((frame) => frame.bytes);
    const [first] = frames;
    const sql = first === undefined ? '' : (sqlOf(first) ?? 'startup');
    const { when } = watcher.match;
    if (when === 'before') {
      this.toServer = bytes;
      watcher.offer(this.held(sql, when));
      return;
    }
    this.server.write(Buffer.concat(bytes));
    if (when === 'after') {
      this.toClient = [];
      this.onReady = () => {
        this.onReady = undefined;
        watcher.offer(this.held(sql, when));
      };
      return;
    }
    const timer = setTimeout(() => {
      this.onReady = undefined;
      watcher.offer(this.held(sql, when));
    }, RUNNING_AFTER_MS);
    this.onReady = () => clearTimeout(timer);
  }

  private held(sql: string, when: Match['when']): Held {
    this.staysOpen = true;
    return {
      application: this.parameters.get('application_name') ?? '',
      database: this.parameters.get('database') ?? '',
      sql,
      when,
      port: this.server.localPort ?? 0,
      letGo: () => this.letGo(),
      cut: () => {
        this.server.destroy();
        this.client.destroy();
      },
      arrive: () => this.arrive(),
    };
  }

  private letGo(): void {
    this.staysOpen = false;
    this.release();
    if (this.isClientGone) this.server.end();
  }

  private release(): void {
    const [toServer, toClient] = [this.toServer, this.toClient];
    this.toServer = undefined;
    this.toClient = undefined;
    if (toServer !== undefined) this.server.write(Buffer.concat(toServer));
    if (toClient !== undefined && !this.isClientGone) this.client.write(Buffer.concat(toClient));
  }

  private async arrive(): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.onReady = resolve;
      setTimeout(resolve, ANSWER_LIMIT_MS).unref();
    });
    const isAnswered = this.toServer === undefined;
    this.release();
    if (!isAnswered) await answered;
  }

  private loseClient(): void {
    this.isClientGone = true;
    if (!this.staysOpen) this.server.end();
  }
}
