// The classes of the synthetic streets, frequent and rare, in the colours of CamVid.
import { classMapOf } from '../class-map.ts';

export const SKY = 0;
export const BUILDING = 1;
export const POLE = 2;
export const ROAD = 3;
export const PAVEMENT = 4;
export const VEGETATION = 5;
export const SIGN = 6;
export const CAR = 7;
export const PEDESTRIAN = 8;
export const BICYCLIST = 9;

export const SYNTHETIC_CLASS_MAP = classMapOf([
  ['sky', '#808080'],
  ['building', '#800000'],
  ['pole', '#c0c080'],
  ['road', '#804080'],
  ['pavement', '#3c28de'],
  ['vegetation', '#808000'],
  ['sign', '#c08080'],
  ['car', '#400080'],
  ['pedestrian', '#404000'],
  ['bicyclist', '#0080c0'],
]);
