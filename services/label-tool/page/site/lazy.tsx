// A screen whose code is fetched when it is first shown: an annotator does not load the dashboard, nor a team lead the superpixels.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure, Waiting } from './states.tsx';

/** @param load must be the same function at each call */
export function Lazy<Props extends object>({
  load,
  props,
}: {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}) {
  const [found, setFound] = useState<{ readonly Screen: ComponentType<Props>; readonly by: typeof load }>();
  const [failed, setFailed] = useState<{ readonly by: typeof load }>();
  useEffect(() => {
    let wanted = true;
    load().then(
      (Screen) => wanted && setFound({ Screen, by: load }),
      () => wanted && setFailed({ by: load }),
    );
    return () => {
      wanted = false;
    };
  }, [load]);
  // A page that was open while the server got a new release asks for files that are gone.
  if (failed?.by === load)
    return <Failure title="This part of the page could not be loaded" message="" retry={() => location.reload()} />;
  // The screen before this one must not get the props of this one.
  return found?.by === load ? <found.Screen {...props} /> : <Waiting what="The page" />;
}
