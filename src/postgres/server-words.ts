import type { Client } from 'pg';

/** The one thing that is read of a notice: PostgreSQL's own functions name themselves, whatever language the server speaks. */
interface Notice {
  readonly routine?: string | undefined;
  readonly message?: string | undefined;
}

/** What the server has said of its own work while one statement ran. */
export interface Words {
  /** Tables, without their schemas, whose rows were all read to validate something. */
  readonly verified: readonly string[];
  /** Foreign keys were validated: of which tables, the server does not say. */
  readonly foreignKeys: number;
  readonly temporaryBytes: number;
}

/** Words kept of one statement: it may touch thousands of partitions. */
const MOST = 1_000;

/**
 * Listens to what a session is sent at DEBUG1. Those messages are for developers, and so are not translated (PostgreSQL 14 and
 * later); which one it is tells the name of the C function that sent it. Nothing else of what arrives is kept: `raise debug` of
 * a package's own functions may hold rows.
 */
export class ServerWords {
  private verified: string[] = [];
  private foreignKeys = 0;
  private temporaryBytes = 0;

  listen(client: Client): void {
    client.on('notice', (notice: Notice) => this.hear(notice));
  }

  /** What was said since it was last asked. */
  take(): Words {
    const { verified, foreignKeys, temporaryBytes } = this;
    this.verified = [];
    this.foreignKeys = 0;
    this.temporaryBytes = 0;
    return { verified, foreignKeys, temporaryBytes };
  }

  private hear({ routine, message = '' }: Notice): void {
    if (routine === 'ATRewriteTable') this.hearOfVerifying(message);
    if (routine === 'validateForeignKeyConstraint') this.foreignKeys += 1;
    if (routine === 'ReportTemporaryFileUsage')
      this.temporaryBytes += Number(/(\d+)\D*$/.exec(message)?.[1] ?? 0);
  }

  /** The same function tells of rewrites too; those are known by their new files. */
  private hearOfVerifying(message: string): void {
    const name = /^verifying table "(.*)"$/s.exec(message)?.[1];
    if (name !== undefined && this.verified.length < MOST) this.verified.push(name);
  }
}
