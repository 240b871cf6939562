// A multipart upload whose progress is known. XMLHttpRequest, because fetch does not tell how much was sent.
import type { Problem } from '../../api-types.ts';
import { Refused, Unreachable } from './request.ts';
import { csrfHeader } from './session.ts';
import type { UploadFile } from './upload-file.ts';

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** @param sentBytes of this upload */
  readonly progress: (sentBytes: number) => void;
}

/** @returns the answer's JSON @throws {Refused} {@link Unreachable}, the signal's reason */
export async function upload<Result>(
  url: string,
  files: readonly UploadFile[],
  { signal, progress }: UploadOptions,
): Promise<Result> {
  const body = new FormData();
  for (const { path, file } of files) body.append('files', file, path);
  const request = new XMLHttpRequest();
  const headers = await csrfHeader();
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.onabort = () => reject(signal.reason);
    request.onerror = () => reject(new Unreachable('the server does not answer'));
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status < 300) resolve(answer as Result);
      else
        reject(
          new Refused({
            title: `The server answered ${request.status}`,
            status: request.status,
            detail: '',
            ...(answer as Partial<Problem>),
          }),
        );
    };
    request.open('POST', url);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.send(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
