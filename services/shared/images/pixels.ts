// Pixels in memory: rows from the top, interleaved channels.

export interface Size {
  /** Pixels. */
  height: number;
  /** Pixels. */
  width: number;
}

export interface Pixels extends Size {
  /** H*W*3 of RGB, or H*W of class ids. */
  data: Uint8Array;
}
