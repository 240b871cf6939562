// Server-sent events as a browser's EventSource reads them.
export interface ReadEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Comments are left out. Leaving the loop closes the connection. */
export async function* readEvents(response: Response): AsyncGenerator<ReadEvent> {
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const field = (name: string) =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      const event = field('event');
      if (event !== undefined) yield { event, data: JSON.parse(field('data') ?? 'null') };
    }
  }
}
