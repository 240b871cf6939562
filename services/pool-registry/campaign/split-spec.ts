// The images that a piece of work is over, and the same work over one half of them each. Pure.
import type { WorkSpec } from '../../../proto/gen/cpral/v1/work.ts';

type Spec = NonNullable<WorkSpec['spec']>;

/** Empty for a training, which is one piece however many images it reads. */
export function imagesOf({ spec }: WorkSpec): string[] {
  switch (spec?.$case) {
    case 'rate':
    case 'findRegions':
    case 'extendLabels':
    case 'measurePicks':
      return spec.value.images.map(({ imageId }) => imageId);
    case 'annotate':
      return spec.value.tasks.map(({ imageId }) => imageId);
    default:
      return [];
  }
}

/** Undefined for work that cannot be cut. What comes of an image does not depend on the others of its shard. */
export function splitSpec({ spec }: WorkSpec): readonly [WorkSpec, WorkSpec] | undefined {
  if (!spec || imagesOf({ spec }).length < 2) return undefined;
  return [halved(spec, 0), halved(spec, 1)];
}

function halved(spec: Spec, half: 0 | 1): WorkSpec {
  const cut = <T>(list: readonly T[]): T[] => {
    const middle = Math.ceil(list.length / 2);
    return half === 0 ? list.slice(0, middle) : list.slice(middle);
  };
  switch (spec.$case) {
    case 'rate':
      return { spec: { $case: 'rate', value: { ...spec.value, images: cut(spec.value.images) } } };
    case 'findRegions':
      return { spec: { $case: 'findRegions', value: { ...spec.value, images: cut(spec.value.images) } } };
    case 'extendLabels':
      return { spec: { $case: 'extendLabels', value: { ...spec.value, images: cut(spec.value.images) } } };
    case 'measurePicks':
      return { spec: { $case: 'measurePicks', value: { ...spec.value, images: cut(spec.value.images) } } };
    case 'annotate':
      return { spec: { $case: 'annotate', value: { ...spec.value, tasks: cut(spec.value.tasks) } } };
    default:
      return { spec };
  }
}
