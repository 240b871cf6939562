// Names of images: they travel through addresses, tables and file names, and lead out of no folder.
const MAX_LENGTH = 200;
const PART = /^[A-Za-z0-9._%-]+$/;

export const IMAGE_ID_RULE = `1 to ${MAX_LENGTH} letters, digits, ".", "_", "-" or "%", in parts between single "/" that are not dots alone`;

export function isImageId(text: string): boolean {
  return text.length <= MAX_LENGTH && text.split('/').every((part) => PART.test(part) && !/^\.+$/.test(part));
}

/** A file's name as a part of an id. The escape is one to one, so distinct names stay distinct. */
export function imageIdPart(name: string): string {
  const escaped = encodeURIComponent(name).replaceAll(
    /[!'()*~]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return /^\.+$/.test(escaped) ? escaped.replaceAll('.', '%2E') : escaped;
}
