import type { TaskClass } from '../../api-types.ts';

/** Which colour is which class. */
export function Legend({ classes }: { readonly classes: readonly TaskClass[] }) {
  return (
    <ul class="legend" aria-label="Classes">
      {classes.map(({ id, name, color }) => (
        <li key={id}>
          <span class="swatch" style={{ background: color }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
