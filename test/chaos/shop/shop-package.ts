import { MANIFEST_FILE, manifestOf } from '../../../src/package/manifest';
import { loadPackage } from '../../../src/package/package';
import { folderStore } from '../../../src/package/store';
import type { PackageRef } from '../../../src/core/schema/plan';
import type { World } from '../world/world';
import { SHOP_FILES } from './files';

export type ShopVersion = keyof typeof SHOP_FILES;

/** Keeps a version of the package in the world's store. */
export async function storeShop(world: World, version: ShopVersion): Promise<PackageRef> {
  const texts = Object.entries(SHOP_FILES[version]).sort(([one], [other]) => (one < other ? -1 : 1));
  const files = new Map(texts.map(([path, text]) => [path, Buffer.from(text)]));
  files.set(MANIFEST_FILE, Buffer.from(manifestOf(files)));
  await folderStore(world.addresses.store).putPackage(files);
  return loadPackage(files).ref;
}
