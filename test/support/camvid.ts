// Real street images, used where they lie beside the project and skipped where they do not.
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of CamVid, or undefined: name one in CPRAL_TEST_CAMVID. */
export const camvidFolder: string | undefined = [
  process.env.CPRAL_TEST_CAMVID ?? path.resolve(import.meta.dirname, '../../../shared/data/camvid'),
].find((folder) => existsSync(path.join(folder, 'train', 'images')));
