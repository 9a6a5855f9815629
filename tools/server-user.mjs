import { attempt } from './run-program.mjs';

/** PostgreSQL refuses to run as root: the user who runs it then, `postgres` or `nobody`. undefined: whoever we are. */
export async function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => attempt('id', [flag, name])));
    if (uid.code !== 0 || gid.code !== 0) continue;
    const user = { name, uid: Number(uid.output), gid: Number(gid.output) };
    const canBecome = await attempt('true', [], { uid: user.uid, gid: user.gid });
    if (canBecome.code === 0) return user; // else we are the root of a user namespace that has nobody else
  }
  return undefined;
}
