import { plainPlace } from '../client/server-place';
import type { ServerPlace } from '../client/server-place';
import { ReleaseError } from '../core/rules/release-error';
import { rememberedPort } from '../embedded/ports';
import { hasState, openState } from '../embedded/state';
import type { StateDirectory, StatePlace } from '../embedded/state';
import { readToolchain } from '../embedded/toolchain';
import type { CommandContext } from './command';

/** The state of the embedded servers, where they were ever started; looking makes none. */
export function embeddedState(context: CommandContext): StateDirectory | undefined {
  const place = statePlace(context);
  return hasState(place) ? openState(place) : undefined;
}

/** Where the state of the embedded servers is, or would be: $ONE_ROOF_STATE names one beside the default (`demo`). */
export function statePlace({ checkout, environment }: CommandContext): StatePlace {
  const name = environment['ONE_ROOF_STATE'];
  return { checkout, environment, ...(name === undefined ? {} : { name }) };
}

/** The embedded Temporal server, or the one that set-up found in its place. @throws SERVER_UNREACHABLE before any `up` */
export function embeddedPlace(context: CommandContext): ServerPlace {
  const state = embeddedState(context);
  if (state === undefined) throw neverStarted('no embedded server was ever started here');
  const { temporal } = readToolchain(context.checkout);
  if (temporal.kind === 'address') return plainPlace(temporal.address, context.global.namespace);
  const port = rememberedPort(state, 'temporal');
  if (port === undefined) throw neverStarted('the embedded Temporal server was never started here');
  return plainPlace(`127.0.0.1:${port}`, context.global.namespace);
}

/** The address of the embedded server's UI. */
export function embeddedUi(context: CommandContext): string | undefined {
  const state = embeddedState(context);
  const port = state === undefined ? undefined : rememberedPort(state, 'temporal-ui');
  return port === undefined ? undefined : `http://127.0.0.1:${port}`;
}

/** A workflow's page in the UI: the one that ONE_ROOF_UI names, else the embedded one; null where neither is known. */
export function uiOf(context: CommandContext, namespace: string, id: string): string | null {
  const ui = context.environment['ONE_ROOF_UI'] ?? embeddedUi(context);
  return ui === undefined ? null : `${ui.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${id}`;
}

function neverStarted(message: string): ReleaseError {
  return new ReleaseError('SERVER_UNREACHABLE', `no address of a Temporal server is given, and ${message}`);
}
