// What a cycle picked, with pictures of its images.
import { decode, encode } from 'fast-png';
import type { SelectedImage } from '../../../../../services/label-tool/dashboard-types.ts';
import { entropyOf, predictionOf } from '../maps.ts';
import { drawScene, greyPng, type Scene } from '../scene.ts';

const UNLABELLED = 255;
const REGION_PX = 31;
const COUNT = 6;

export interface MadeSelection {
  readonly images: readonly SelectedImage[];
  /** By address. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export function makeSelection(count = COUNT): MadeSelection {
  const street = drawScene(10);
  const files = new Map<string, Uint8Array>();
  const images = Array.from({ length: count }, (_, at) => {
    const scene = shift(street, at * 41);
    const imageId = `0001TP_0${8100 + 30 * at}`;
    const regions = regionsOf(at);
    const given = giveLabels(scene, regions);
    const bytes = {
      image: scene.image,
      entropy: greyPng(entropyOf(scene), scene.size),
      prediction: greyPng(predictionOf(scene), scene.size),
      labelGiven: greyPng(given, scene.size),
      labelExtended: greyPng(extend(given, scene), scene.size),
    };
    const address = (name: string) => `/api/v1/pictures/${imageId}/${name}`;
    for (const [name, png] of Object.entries(bytes)) files.set(address(name), png);
    return {
      imageId,
      size: scene.size,
      regions,
      pictures: {
        image: address('image'),
        entropy: address('entropy'),
        prediction: address('prediction'),
        labelGiven: address('labelGiven'),
        labelExtended: address('labelExtended'),
      },
    };
  });
  return { images, files };
}

function regionsOf(at: number): SelectedImage['regions'] {
  return Array.from({ length: 1 + (at % 3) }, (_, i) => ({
    regionId: `region-${at}-${i}`,
    top: 84 + 31 * (i % 2),
    left: 20 + ((at * 47 + i * 83) % 190),
    height: REGION_PX,
    width: REGION_PX,
    score: 2.4 - 0.1 * (at * 3 + i),
    rank: at * 3 + i,
  }));
}

function giveLabels({ truth, size: { width } }: Scene, regions: SelectedImage['regions']): Uint8Array {
  return truth.map((id, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return regions.some(
      ({ top, left, height, width: wide }) => y >= top && y < top + height && x >= left && x < left + wide,
    )
      ? id
      : UNLABELLED;
  });
}

const REACH_PX = 9;

/** Where the same class goes on from a labelled pixel of the row. */
function extend(given: Uint8Array, { truth }: Scene): Uint8Array {
  return given.map((id, at) => {
    if (id !== UNLABELLED) return id;
    for (let step = -REACH_PX; step <= REACH_PX; step++) if (given[at + step] === truth[at]) return truth[at]!;
    return UNLABELLED;
  });
}

/** The scene from a place further down the road: what leaves to the left comes in from the right. */
export function shift(scene: Scene, byPx: number): Scene {
  const { height, width } = scene.size;
  const from = (at: number) => at - (at % width) + ((at + byPx) % width);
  const colors = decode(scene.image).data;
  const data = new Uint8Array(colors.length);
  for (let at = 0; at < height * width; at++)
    for (let channel = 0; channel < 3; channel++) data[at * 3 + channel] = colors[from(at) * 3 + channel]!;
  return {
    size: scene.size,
    image: encode({ data, height, width, channels: 3, depth: 8 }),
    truth: Uint8Array.from(scene.truth, (_, at) => scene.truth[from(at)]!),
  };
}
