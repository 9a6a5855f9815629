const ASK_AGAIN_MS = 25;

/** Asks for a fact until it holds; false where it does not within the limit. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) return false;
    await pause(ASK_AGAIN_MS);
  }
  return true;
}

/** Asks for a fact until it holds; false where it cannot hold any more, or does not within the limit. */
export async function waitUnless(
  isOver: () => boolean,
  isSo: () => Promise<boolean>,
  limitMs: number,
): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (isOver() || Date.now() > end) return false;
    await pause(ASK_AGAIN_MS);
  }
  return true;
}

/** Lets time pass between two questions. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
