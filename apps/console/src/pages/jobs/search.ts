/** The conditions of a search, which stand in the address of the page by the names that the API uses. */
export const conditionNames = ['q', 'status', 'phase', 'code', 'group', 'owner', 'model', 'from', 'to'] as const;
export type ConditionName = (typeof conditionNames)[number];
export type Conditions = Readonly<Partial<Record<ConditionName, string>>>;

export function conditionsOf(search: string): Conditions {
  const given = new URLSearchParams(search);
  const entries = conditionNames.map((name) => [name, given.get(name) ?? ''] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** The same conditions as an address; a page of results only where one is named. */
export function searchText(conditions: Conditions, after: string | null = null): string {
  const given = new URLSearchParams();
  for (const name of conditionNames) {
    const value = conditions[name];
    if (value !== undefined && value !== '') given.set(name, value);
  }
  if (after !== null) given.set('after', after);
  const text = given.toString();
  return text === '' ? '' : `?${text}`;
}

export function jobsAddress(conditions: Conditions, after: string | null = null): string {
  return `/ops/jobs${searchText(conditions, after)}`;
}
