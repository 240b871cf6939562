/** What a contestant works on. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly batch: number;
  readonly passes: number;
  readonly threads: number;
}
