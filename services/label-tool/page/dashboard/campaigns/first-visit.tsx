// Nothing has been done here yet: the two ways to begin.
import { hrefOf } from '../../site/route.ts';
import { Icon } from '../../ui/icons.tsx';

export function FirstVisit() {
  return (
    <div class="first-visit">
      <h1>Good labels from a few regions</h1>
      <p class="lead">
        CPRAL asks people only for the regions of pictures that teach a segmentation model the most, trains it on them,
        and asks again. Each such loop is a campaign, and this page shows how it goes. There are two ways to begin.
      </p>
      <div class="ways">
        <section class="panel way">
          <span class="badge">
            <Icon name="upload" />
          </span>
          <h2>Import your images</h2>
          <p>
            Drop a folder or an archive of pictures, with masks for validation. Then make a campaign that people here
            answer, or a simulation from the masks.
          </p>
          <a class="button primary" href={hrefOf({ screen: 'import' })}>
            Import images
          </a>
        </section>
        <section class="panel way">
          <span class="badge">
            <Icon name="play" />
          </span>
          <h2>Run the demo</h2>
          <p>
            It draws street scenes, compares CPRAL with random pictures on them, and needs some minutes on two cores. In
            a terminal, beside the program that serves this page:
          </p>
          <pre>
            <code>npm run demo</code>
          </pre>
          <p class="quiet">Its campaigns appear here by themselves where it uses this server.</p>
        </section>
      </div>
    </div>
  );
}
