export interface UploadFile {
  /** In the dataset's folder. */
  readonly path: string;
  readonly file: File;
}
