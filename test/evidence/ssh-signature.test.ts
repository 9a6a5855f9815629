import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signBySsh, verifySshSignature } from '../../src/evidence/ssh-signature';
import { allowedLine, makeKey, writeAllowed } from '../support/ssh-keys';

const NAMESPACE = 'one-roof-approval';
const STATEMENT = '{"decision":"approved"}\n';
const { signal } = new AbortController();
const ENVIRONMENT = { PATH: process.env['PATH'] };

let folder = '';
let allowed = '';
const keys: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'one-roof-keys-'));
  for (const type of ['ed25519', 'rsa', 'ecdsa']) keys[type] = await makeKey(folder, type, type);
  keys['stranger'] = await makeKey(folder, 'stranger');
  keys['over'] = await makeKey(folder, 'over');
  keys['narrow'] = await makeKey(folder, 'narrow');
  allowed = writeAllowed(folder, [
    ...['ed25519', 'rsa', 'ecdsa'].map((type) => allowedLine(type, keyOf(type))),
    allowedLine('over', keyOf('over'), 'valid-before="20200101"'),
    allowedLine('narrow', keyOf('narrow'), 'namespaces="git"'),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

function keyOf(name: string): string {
  return keys[name] ?? '';
}

function verify(signature: string, who: string, statement = STATEMENT): Promise<string | null> {
  const signer = { allowedSigners: allowed, who, namespace: NAMESPACE };
  return verifySshSignature({ statement, signature }, signer, { environment: ENVIRONMENT, signal });
}

function sign(key: string, namespace = NAMESPACE, more: Record<string, string> = {}): Promise<string> {
  const environment = { ...ENVIRONMENT, ...more };
  return signBySsh(STATEMENT, { key, namespace, environment, signal });
}

describe('an SSH signature', () => {
  it.each(['ed25519', 'rsa', 'ecdsa'])('by an allowed key of type %s is good', async (type) => {
    await expect(verify(await sign(keyOf(type)), type)).resolves.toBeNull();
  });

  it('made by the agent for a public key is good', async () => {
    const agent = await startAgent(keyOf('ed25519'));
    try {
      const lone = join(folder, 'lone.pub');
      await promisify(execFile)('cp', [`${keyOf('ed25519')}.pub`, lone]);
      await expect(
        verify(await sign(lone, NAMESPACE, { SSH_AUTH_SOCK: agent.socket }), 'ed25519'),
      ).resolves.toBeNull();
    } finally {
      await agent.stop();
    }
  });

  it.each([
    ['of another person', async () => verify(await sign(keyOf('rsa')), 'ed25519')],
    ['of a stranger', async () => verify(await sign(keyOf('stranger')), 'ed25519')],
    [
      'of somebody whom the file does not name',
      async () => verify(await sign(keyOf('stranger')), 'stranger'),
    ],
    ['over other bytes', async () => verify(await sign(keyOf('ed25519')), 'ed25519', `${STATEMENT} `)],
    ['made for another purpose', async () => verify(await sign(keyOf('ed25519'), 'git'), 'ed25519')],
    ['by a key whose time is over', async () => verify(await sign(keyOf('over')), 'over')],
    ['by a key that is for other purposes', async () => verify(await sign(keyOf('narrow')), 'narrow')],
    ['that is none', async () => verify('-----BEGIN SSH SIGNATURE-----\nnonsense\n', 'ed25519')],
  ])('%s counts for nothing, and says so', async (_, verdict) => {
    expect(await verdict()).toMatch(/^no good signature of /);
  });

  it('cannot be looked for without the file of the allowed signers', async () => {
    const signer = { allowedSigners: join(folder, 'nowhere'), who: 'ed25519', namespace: NAMESPACE };
    const signature = await sign(keyOf('ed25519'));
    await expect(
      verifySshSignature({ statement: STATEMENT, signature }, signer, { environment: ENVIRONMENT, signal }),
    ).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });

  it('is not made without a key', async () => {
    await expect(sign(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });
});

async function startAgent(key: string): Promise<{ socket: string; stop: () => Promise<void> }> {
  const socket = join(folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => agent.once('close', resolve));
  await new Promise((resolve) => agent.stdout.once('data', resolve)); // it says where it listens
  await promisify(execFile)('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return {
    socket,
    stop: async () => {
      agent.kill('SIGTERM');
      await ended;
    },
  };
}
