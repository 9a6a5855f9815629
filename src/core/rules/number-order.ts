/** Numbers by their value, so that `9_x` comes before `10_x`; the rest by its characters. */
export function inNumberOrder(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (const [index, part] of left.entries()) {
    const order = comparePart(part, right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length || compareText(one, other);
}

function partsOf(name: string): readonly string[] {
  return name.split(/(\d+)/);
}

function comparePart(one: string, other: string): number {
  const areNumbers = /^\d+$/.test(one) && /^\d+$/.test(other);
  if (!areNumbers) return compareText(one, other);
  const [left, right] = [BigInt(one), BigInt(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
