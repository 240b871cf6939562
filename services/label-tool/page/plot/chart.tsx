import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChartSpec } from './chart-spec.ts';
import type { DrawnChart } from './vega.ts';

export interface ChartProps {
  readonly spec: ChartSpec;
  /** What it shows, for those who do not see it. */
  readonly label: string;
}

/** As wide as its place. */
export function Chart({ spec, label }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  // A spec is made anew with each event; only what is in it counts.
  const text = JSON.stringify(spec);
  useEffect(() => {
    const element = host.current!;
    let chart: DrawnChart | undefined;
    let wanted = true;
    const observer = new ResizeObserver(() => chart?.resize(element.clientWidth));
    import('./vega.ts').then(
      ({ drawChart }) => {
        if (!wanted) return;
        chart = drawChart(element, JSON.parse(text) as ChartSpec, element.clientWidth);
        observer.observe(element);
      },
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
      observer.disconnect();
      chart?.remove();
    };
  }, [text]);
  if (failed) return <p class="quiet">The chart could not be loaded: its numbers are in the table.</p>;
  return (
    <div role="img" aria-label={label}>
      <div ref={host} class="chart" aria-hidden="true" />
    </div>
  );
}
