// The labels of Cityscapes (Cordts et al. 2016): id in the files, id in training (255: not trained), name, colour.
import type { ClassMap } from '../../../proto/gen/cpral/v1/resources.ts';
import { type LabelTable, labelTable } from './label-table.ts';

const NOT_TRAINED = 255;

const LABELS: readonly (readonly [id: number, trainId: number, name: string, color: string])[] = [
  [0, NOT_TRAINED, 'unlabeled', '#000000'],
  [1, NOT_TRAINED, 'ego vehicle', '#000000'],
  [2, NOT_TRAINED, 'rectification border', '#000000'],
  [3, NOT_TRAINED, 'out of roi', '#000000'],
  [4, NOT_TRAINED, 'static', '#000000'],
  [5, NOT_TRAINED, 'dynamic', '#6f4a00'],
  [6, NOT_TRAINED, 'ground', '#510051'],
  [7, 0, 'road', '#804080'],
  [8, 1, 'sidewalk', '#f423e8'],
  [9, NOT_TRAINED, 'parking', '#faaaa0'],
  [10, NOT_TRAINED, 'rail track', '#e6968c'],
  [11, 2, 'building', '#464646'],
  [12, 3, 'wall', '#66669c'],
  [13, 4, 'fence', '#be9999'],
  [14, NOT_TRAINED, 'guard rail', '#b4a5b4'],
  [15, NOT_TRAINED, 'bridge', '#966464'],
  [16, NOT_TRAINED, 'tunnel', '#96785a'],
  [17, 5, 'pole', '#999999'],
  [18, NOT_TRAINED, 'polegroup', '#999999'],
  [19, 6, 'traffic light', '#faaa1e'],
  [20, 7, 'traffic sign', '#dcdc00'],
  [21, 8, 'vegetation', '#6b8e23'],
  [22, 9, 'terrain', '#98fb98'],
  [23, 10, 'sky', '#4682b4'],
  [24, 11, 'person', '#dc143c'],
  [25, 12, 'rider', '#ff0000'],
  [26, 13, 'car', '#00008e'],
  [27, 14, 'truck', '#000046'],
  [28, 15, 'bus', '#003c64'],
  [29, NOT_TRAINED, 'caravan', '#00005a'],
  [30, NOT_TRAINED, 'trailer', '#00006e'],
  [31, 16, 'train', '#005064'],
  [32, 17, 'motorcycle', '#0000e6'],
  [33, 18, 'bicycle', '#770b20'],
  // -1 in the scripts; a byte holds it as 255.
  [255, NOT_TRAINED, 'license plate', '#00008e'],
];

/** The 19 classes that are trained and measured, in the order of their training ids. */
export const CITYSCAPES_CLASS_MAP: ClassMap = {
  classes: LABELS.filter(([, trainId]) => trainId !== NOT_TRAINED)
    .sort((a, b) => a[1] - b[1])
    .map(([, , name, color]) => ({ name, color })),
};

/** From *_labelIds.png to training ids. */
export const CITYSCAPES_LABEL_IDS: LabelTable = labelTable(LABELS.map(([id, trainId]) => [id, trainId] as const));
