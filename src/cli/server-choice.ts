import { withTemporal } from '../client/connection';
import type { Temporal } from '../client/connection';
import { configuredPlace } from '../client/server-place';
import type { ServerPlace } from '../client/server-place';
import { ReleaseError } from '../core/rules/release-error';
import type { CommandContext } from './command';
import { embeddedPlace } from './embedded-place';
import { findTargetsFile } from './targets-file';

/** The server that a command uses, and why that one. */
export interface ServerChoice {
  readonly place: ServerPlace;
  readonly origin: 'configured' | 'embedded';
}

/**
 * Which Temporal server: by option, by Temporal's own environment configuration, else the embedded one. Targets of the
 * user's own never fall back to the embedded one. DESIGN.md §11.
 */
export function chooseServer(context: CommandContext): ServerChoice {
  const { address, namespace, embedded } = context.global;
  if (embedded && address !== undefined) {
    throw new ReleaseError('USAGE', '`--address` and `--embedded` name two servers', {
      hint: 'Give one of them.',
    });
  }
  if (embedded) return { place: embeddedPlace(context), origin: 'embedded' };
  const configured = configuredPlace({ address, namespace, environment: context.environment });
  if (configured !== undefined) return { place: configured, origin: 'configured' };
  const targets = findTargetsFile(context);
  if (targets?.origin === 'configured') throw refusedFallback(targets.file);
  return { place: embeddedPlace(context), origin: 'embedded' };
}

/** Connects to the chosen server, says which one it is, and hands it over. */
export async function withServer<T>(
  context: CommandContext,
  work: (temporal: Temporal, choice: ServerChoice) => Promise<T>,
): Promise<T> {
  const choice = chooseServer(context);
  const { place, origin } = choice;
  context.terminal.note(`Temporal at ${place.address}, namespace ${place.namespace} (${origin})`);
  return await withTemporal(place, (temporal) => work(temporal, choice));
}

function refusedFallback(file: string): ReleaseError {
  return new ReleaseError(
    'CONFIG_MISSING',
    `no address of a Temporal server is given for the targets of ${file}`,
    {
      hint: 'Give `--address HOST:PORT` or TEMPORAL_ADDRESS; `--embedded` uses the embedded server on purpose.',
    },
  );
}
