import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Begins with the files whose path ends like one of these, the longest first: begun last, one would run on alone. Vitest
 * itself goes by the durations of the run before, which a fresh clone does not have, and then by size.
 */
export function longestFirst(endings: readonly string[]): typeof BaseSequencer {
  const placeOf = ({ moduleId }: TestSpecification) => {
    const place = endings.findIndex((ending) => moduleId.endsWith(ending));
    return place === -1 ? endings.length : place;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const sorted = await super.sort(files);
      return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
    }
  };
}
