// A task made ready: its pictures loaded, its draft found, its labelling begun.
import { type AnnotationTask, UNLABELLED } from '../../api-types.ts';
import type { DraftStore, StoredDraft } from '../client/draft-store.ts';
import { getBytes } from '../client/label-client.ts';
import type { PixelThread } from '../client/pixel-thread.ts';
import { request } from '../client/request.ts';
import { fingerprint } from '../geometry/fingerprint.ts';
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
  /** Whether the server has this mask, is to get it, or has one that this browser does not know. */
  readonly state: 'saved' | 'saving' | 'conflict';
  /** Fingerprint of the server's draft. */
  readonly base: number;
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

/**
 * The server's draft, or a mask without labels; but the browser's where the server never got it. If the server's is not the one that the
 * browser's was begun on, somebody else worked on the task meanwhile: neither goes over the other unasked.
 */
export async function findDraft(task: AnnotationTask, thread: PixelThread, drafts: DraftStore): Promise<StartingPoint> {
  const theirs = await serverDraft(task, thread);
  const base = fingerprint(theirs);
  const stored = await drafts.get(task.taskId);
  const usable = stored?.mask.length === theirs.length ? stored : undefined;
  if (!usable || usable.sent) return { mask: theirs, stored: usable, state: 'saved', base };
  return { mask: usable.mask, stored: usable, state: usable.base === base ? 'saving' : 'conflict', base };
}

/** @returns the draft that the server has, or a mask without labels */
export async function serverDraft({ pictures, window }: AnnotationTask, thread: PixelThread): Promise<Uint8Array> {
  if (pictures.draft) return thread.run('decode', await getBytes(pictures.draft), window);
  return new Uint8Array(window.height * window.width).fill(UNLABELLED);
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
