// A picture cut into parts.
export interface Segments {
  /** Of each pixel, from 0 to count - 1; each id's pixels hang together by sides. */
  readonly ids: Int32Array;
  readonly count: number;
}
