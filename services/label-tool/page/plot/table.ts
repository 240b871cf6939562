// A table as rows of cells: what every chart can be shown as.

export interface Column {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly text?: boolean;
}

export interface Table<Cell = string | number> {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}
