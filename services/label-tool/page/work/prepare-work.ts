// A task made ready: its pictures loaded, its draft found, its labelling begun.
import { type AnnotationTask, UNLABELLED } from '../../api-types.ts';
import type { DraftStore, StoredDraft } from '../client/draft-store.ts';
import { getBytes } from '../client/label-client.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { request } from '../client/request.ts';
import type { Rect, Size } from '../geometry/raster.ts';

export interface Pictures {
  readonly image: OffscreenCanvas;
  /** Class ids of the whole picture, or undefined where the task has none. */
  readonly label: Uint8Array | undefined;
  readonly prediction: Uint8Array | undefined;
  /** From 0, sure, to 255. */
  readonly entropy: Uint8Array | undefined;
  /** The window of the image, four bytes a pixel. */
  readonly windowRgba: Uint8ClampedArray;
}

export interface StartingPoint {
  readonly mask: Uint8Array;
  readonly stored: StoredDraft | undefined;
  /** Whether the server has this mask. */
  readonly sent: boolean;
}

export async function loadPictures(task: AnnotationTask, thread: PixelThread): Promise<Pictures> {
  const optional = async (url: string | null) =>
    url === null ? undefined : thread.run('decode', await getBytes(url), task.size);
  const [image, label, prediction, entropy] = await Promise.all([
    loadImage(task.pictures.image, task.size),
    optional(task.pictures.label),
    optional(task.pictures.prediction),
    optional(task.pictures.entropy),
  ]);
  return { image, label, prediction, entropy, windowRgba: readWindow(image, task.window) };
}

/** The draft that is in the browser but not on the server goes first, then the server's, then a mask without labels. */
export async function findDraft(task: AnnotationTask, thread: PixelThread, drafts: DraftStore): Promise<StartingPoint> {
  const stored = await drafts.get(task.taskId);
  const pixels = task.window.height * task.window.width;
  const usable = stored?.mask.length === pixels ? stored : undefined;
  if (usable && !usable.sent) return { mask: usable.mask, stored: usable, sent: false };
  const { draft } = task.pictures;
  if (draft === null) return { mask: new Uint8Array(pixels).fill(UNLABELLED), stored: usable, sent: true };
  return { mask: await thread.run('decode', await getBytes(draft), task.window), stored: usable, sent: true };
}

/** The image at the campaign's size, whatever its file has. */
async function loadImage(url: string, { height, width }: Size): Promise<OffscreenCanvas> {
  const bitmap = await createImageBitmap(await (await request(url)).blob());
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return canvas;
}

function readWindow(image: OffscreenCanvas, { top, left, height, width }: Rect): Uint8ClampedArray {
  return image.getContext('2d')!.getImageData(left, top, width, height).data;
}

/** Cuts the window out of a map of the whole picture. */
export function crop(values: Uint8Array, { width }: Size, window: Rect): Uint8Array {
  const part = new Uint8Array(window.height * window.width);
  for (let y = 0; y < window.height; y++) {
    const start = (window.top + y) * width + window.left;
    part.set(values.subarray(start, start + window.width), y * window.width);
  }
  return part;
}
