// Street scenes made on the spot, for a demonstration without a download: seeded, with exact masks.
import { encodeMask, encodeRgb } from '../images/images.ts';
import { formatRecipe, type SyntheticOptions } from './dataset-flag.ts';
import { type DatasetSource, type SourceImage, type SourcePair, SPLITS, type Split } from './dataset-source.ts';
import { SYNTHETIC_CLASS_MAP } from './synthetic/classes.ts';
import { renderScene } from './synthetic/render.ts';

/** Pixels of all scenes up to which they are kept once made: they are read twice, to check and to send. */
const MAX_KEPT_PIXELS = 1 << 24;

/** Scene number i of a split and seed is the same however many there are. */
export function openSynthetic(options: SyntheticOptions): DatasetSource {
  const { train, val, height, width } = options;
  const keep = (train + val) * height * width <= MAX_KEPT_PIXELS;
  const images = SPLITS.flatMap((split) =>
    Array.from({ length: options[split] }, (_, number) => sceneSource(options, { split, number, keep })),
  );
  return { displayName: formatRecipe(options), classMap: SYNTHETIC_CLASS_MAP, images };
}

function sceneSource(
  { height, width, seed }: SyntheticOptions,
  { split, number, keep }: { split: Split; number: number; keep: boolean },
): SourceImage {
  const size = { height, width };
  let kept: Promise<SourcePair> | undefined;
  const make = async (): Promise<SourcePair> => {
    const { image, mask } = renderScene(size, seed, split, number);
    return { image: await encodeRgb(image), groundTruth: await encodeMask(mask) };
  };
  const read = () => {
    const pair = kept ?? make();
    if (keep) kept = pair;
    return pair;
  };
  const imageId = `${split}/scene-${String(number).padStart(5, '0')}`;
  return { imageId, split, place: `synthetic ${imageId}`, size, read };
}
