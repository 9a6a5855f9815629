import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ReleaseError } from '../../core/rules/release-error';
import type { EmbeddedAddresses } from '../../embedded/embedded';
import type { CommandContext } from '../command';

const run = promisify(execFile);

/** The name of the demo's state, beside the default one. */
export const DEMO_STATE = 'demo';

/** What the stage stands on. */
export interface StageSet {
  readonly context: CommandContext;
  readonly addresses: EmbeddedAddresses;
  /** The folder of PostgreSQL's programs. */
  readonly bin: string;
  readonly signal: AbortSignal;
}

/** Where the scenes play: real commands in processes of their own, as a user would type them. */
export class Stage {
  constructor(private readonly set: StageSet) {}

  /** Tells what happens. */
  say(...lines: readonly string[]): void {
    for (const line of lines) this.set.context.terminal.note(line);
  }

  title(number: number, text: string): void {
    const { bold } = this.set.context.terminal.colours;
    this.say('', bold(`Scene ${number}. ${text}`), '');
  }

  /** Where to look in the Temporal UI. */
  lookAt(id: string): void {
    const { ui, namespace } = this.set.addresses.temporal;
    if (ui !== null)
      this.say(
        this.set.context.terminal.colours.dim(
          `  In the Temporal UI: ${ui}/namespaces/${namespace}/workflows/${id}`,
        ),
      );
  }

  get ui(): string {
    return this.set.addresses.temporal.ui ?? 'that of your own Temporal server';
  }

  get store(): string {
    return this.set.addresses.store;
  }

  /** Shows a command and what it says. @throws INTERNAL where it ends otherwise than the scene needs */
  async show(words: readonly string[], expected = 0): Promise<void> {
    this.say(this.set.context.terminal.colours.cyan(`$ npx one-roof ${words.map(shown).join(' ')}`));
    const child = spawn(process.execPath, [this.launcher, ...words], {
      env: this.environment,
      // a terminal shows the command's own pictures; otherwise the result stays alone on stdout
      stdio: ['ignore', this.set.context.terminal.showsPictures ? 'inherit' : process.stderr, 'inherit'],
    });
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once('close', resolve).once('error', reject),
    );
    this.throwIfInterrupted();
    if (code !== expected) throw unexpected(words, `it ended with ${String(code)}, not ${expected}`);
    this.say('');
  }

  /** The JSON document of a command, unseen. */
  async ask(words: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    this.throwIfInterrupted();
    const answer = await run(process.execPath, [this.launcher, ...words, '--json'], {
      env: this.environment,
      maxBuffer: 64 << 20,
    }).catch((error: unknown) => error);
    const output: unknown =
      typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'stdout') : undefined;
    const document: unknown = typeof output === 'string' && output !== '' ? JSON.parse(output) : undefined;
    if (typeof document !== 'object' || document === null) throw unexpected(words, 'it gave no document');
    return { ...document };
  }

  /** Runs a file of the stand-in as one of its applications: not One-Roof's doing. */
  async asApplication(role: 'approvals_app' | 'directus_app', file: string): Promise<void> {
    const { host, port } = this.set.addresses.postgres;
    this.say(this.set.context.terminal.colours.cyan(`$ psql -U ${role} -d directus -f sql/directus/${file}`));
    const where = [
      '-X',
      '-q',
      '-v',
      'ON_ERROR_STOP=1',
      '-h',
      host,
      '-p',
      String(port),
      '-U',
      role,
      '-d',
      'directus',
    ];
    const path = join(this.set.context.checkout, 'sql', 'directus', file);
    await run(join(this.set.bin, 'psql'), [...where, '-f', path], {
      env: {
        ...this.environment,
        PGPASSFILE: join(this.set.addresses.state, 'secrets', 'applications.pgpass'),
      },
    });
    this.say('');
  }

  throwIfInterrupted(): void {
    if (this.set.signal.aborted)
      throw new ReleaseError('ABORTED', 'the demo was interrupted', {
        hint: '`npm run demo` starts it anew.',
      });
  }

  private get launcher(): string {
    return join(this.set.context.checkout, 'bin', 'one-roof.mjs');
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...this.set.context.environment, ONE_ROOF_STATE: DEMO_STATE };
  }
}

/** A word as a shell takes it. */
function shown(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word}'`;
}

function unexpected(words: readonly string[], what: string): ReleaseError {
  return new ReleaseError('INTERNAL', `the demo's command \`one-roof ${words.join(' ')}\`: ${what}`);
}
