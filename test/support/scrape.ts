// What Prometheus reads from an address: each series by its name with labels, as it stands in the text.
export type Series = ReadonlyMap<string, number>;

export async function scrape(address: string | undefined): Promise<Series> {
  const response = await fetch(`http://${address}/metrics`);
  if (!response.ok) throw new Error(`the metrics answer with ${response.status}`);
  return readSeries(await response.text());
}

export function readSeries(text: string): Series {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}
